namespace FreezeBench.Tests.Downloads;

/// <summary>What a server sends.</summary>
internal sealed record ServerReply
{
    internal int Status { get; init; } = 200;

    internal string Reason { get; init; } = "OK";

    internal IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    internal byte[] Body { get; init; } = [];

    /// <summary>Content-Length is sent.</summary>
    internal bool StatesLength { get; init; } = true;

    /// <summary>So many bytes are sent, then the connection ends; null: all.</summary>
    internal int? SendsOnly { get; init; }

    /// <summary>The connection stays open after the last byte, and nothing more comes.</summary>
    internal bool Stalls { get; init; }

    /// <summary>As a good server answers: the part that is asked for, if the version is still the same.</summary>
    internal static ServerReply File(ServerRequest request, byte[] file, string version = "\"one\"", string versionHeader = "ETag")
    {
        Dictionary<string, string> headers = new() { [versionHeader] = version };
        if (request.From is not { } from || request.IfRange != version)
            return new() { Headers = headers, Body = file };
        headers["Content-Range"] = $"bytes {from}-{file.Length - 1}/{file.Length}";
        return new() { Status = 206, Reason = "Partial Content", Headers = headers, Body = file[from..] };
    }

    internal static ServerReply Refusal(int status, string reason, string? retryAfter = null) => new()
    {
        Status = status,
        Reason = reason,
        Headers = retryAfter is null ? new Dictionary<string, string>() : new() { ["Retry-After"] = retryAfter },
    };
}
