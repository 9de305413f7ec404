namespace FreezeBench.Weights.Tensors;

/// <summary>
/// What is wrong inside a weights file, said by code that does not know the file's name. The reader of the file turns it
/// into the user's message; it never leaves this folder.
/// </summary>
/// <param name="message">Goes on after "The weights file 'x' was not read: ".</param>
/// <param name="innerException">What was caught, for a debugger.</param>
internal sealed class WeightsFaultException(string message, Exception? innerException = null) : Exception(message, innerException);
