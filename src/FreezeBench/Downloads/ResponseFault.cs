using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FreezeBench.Downloads;

/// <summary>What a server's refusal or a broken connection means: whether it is worth another try.</summary>
internal static class ResponseFault
{
    /// <summary>A response that is not the file.</summary>
    public static TransferFaultException Of(HttpResponseMessage response, DownloadSettings settings)
    {
        var status = (int)response.StatusCode;
        var reason = $"the server answered {status}{(response.ReasonPhrase is { Length: > 0 } phrase ? $" ({phrase})" : "")}";
        // RFC 9110: these say "not now". 403 and 404 say "no", and asking again would only make the user wait.
        var passes = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || status >= 500;
        var wait = passes ? RetryAfter(response, settings.Time) : null;
        return wait > settings.LongestRetryAfter
            ? new TransferFaultException(string.Create(CultureInfo.InvariantCulture,
                $"{reason} and asks to wait {wait.Value.TotalSeconds:0} s"), passes: false)
            : new TransferFaultException(reason, passes, wait);
    }

    /// <summary>A connection that was not made, or broke.</summary>
    public static TransferFaultException Of(Exception error)
    {
        var socket = Innermost<SocketException>(error);
        // A name that does not resolve or a port that nobody listens on: this machine is offline, or the address is wrong.
        var offline = error is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }
            || socket?.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                or SocketError.ConnectionRefused or SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown;
        var passes = !offline && (error is IOException || Innermost<IOException>(error) is not null || socket is not null);
        // A refused certificate arrives as an AuthenticationException, never as an IOException.
        return new TransferFaultException((socket ?? error).Message.TrimEnd('.'), passes, inner: error);
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static T? Innermost<T>(Exception error) where T : Exception
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
            if (inner is T found)
                return found;
        return null;
    }
}
