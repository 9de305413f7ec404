namespace FreezeBench.Torch;

/// <summary>
/// What was asked for cannot be had: of this machine, of its libtorch, or under that name. The message is for the user, so it says
/// what was asked, what was found and what to do next; programs print it without a stack trace.
/// </summary>
/// <param name="message">One line, or one line for each error. What a caller can set is named between ‹ and ›: <c>Pass ‹the device› cpu.</c></param>
/// <param name="innerException">What was caught, for a debugger; it is not printed.</param>
public sealed class RefusedException(string message, Exception? innerException = null)
    : Exception(message.Replace("‹", "", StringComparison.Ordinal).Replace("›", "", StringComparison.Ordinal), innerException)
{
    /// <summary>The message with ‹ and › around the names of settings, for a program that has options of other names for them.</summary>
    public string MarkedMessage => message;
}
