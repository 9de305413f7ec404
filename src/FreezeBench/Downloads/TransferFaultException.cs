namespace FreezeBench.Downloads;

/// <param name="reason">The middle of a sentence: <c>the server answered 503 (Service Unavailable)</c>.</param>
/// <param name="passes">Whether another try may go better.</param>
/// <param name="retryAfter">The wait that the server asked for.</param>
internal sealed class TransferFaultException(string reason, bool passes, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(reason, inner)
{
    public bool Passes { get; } = passes;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
