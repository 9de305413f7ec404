namespace FreezeBench.Results;

/// <summary>
/// Something in the user's world stops the program: an option, a file, a device, a missing package. The message is all
/// that the user sees (no stack trace; exit code 2), so it says what was asked, what was found and what to do next. Whatever foreign
/// words are in it, it does not steer the terminal (<see cref="ForeignText"/>).
/// </summary>
/// <param name="message">One line, or one line for each error. What a caller can set is named between ‹ and ›: <c>‹The batch size› is 0</c>.</param>
/// <param name="innerException">What was caught, for a debugger; it is not printed.</param>
public sealed class UserErrorException(string message, Exception? innerException = null)
    : Exception(ForeignText.Message(message).Replace("‹", "", StringComparison.Ordinal).Replace("›", "", StringComparison.Ordinal), innerException)
{
    /// <summary>The message with ‹ and › around the names of settings, for a program that has options of other names for them.</summary>
    public string MarkedMessage { get; } = ForeignText.Message(message);
}
