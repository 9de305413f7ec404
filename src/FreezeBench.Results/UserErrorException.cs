namespace FreezeBench.Results;

/// <summary>
/// Something in the user's world stops the program: an option, a file, a device, a missing package. The message is all
/// that the user sees (no stack trace; exit code 2), so it says what was asked, what was found and what to do next.
/// </summary>
/// <param name="message">One line, or one line for each error.</param>
/// <param name="innerException">What was caught, for a debugger; it is not printed.</param>
public sealed class UserErrorException(string message, Exception? innerException = null) : Exception(message, innerException);
