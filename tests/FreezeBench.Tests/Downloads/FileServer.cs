using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FreezeBench.Tests.Downloads;

/// <summary>A real HTTP server on this machine, whose answers can go wrong in every way that is asked for.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<ServerRequest> requests = new();
    private readonly Func<ServerRequest, ServerReply> answer;
    private readonly Task accepting;

    /// <param name="answer">Called once for each request, on any thread.</param>
    internal FileServer(Func<ServerRequest, ServerReply> answer)
    {
        this.answer = answer;
        listener.Start();
        accepting = Accept();
    }

    internal IReadOnlyList<ServerRequest> Requests => [.. requests];

    internal Uri Address(string name) => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/{name}");

    public void Dispose()
    {
        stop.Cancel();
        listener.Stop();
        accepting.Wait();
        stop.Dispose();
    }

    private async Task Accept()
    {
        List<Task> served = [];
        try
        {
            while (true)
                served.Add(Serve(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using (client)
            await using (var stream = client.GetStream())
            {
                if (await ReadRequest(stream) is not { } request)
                    return;
                requests.Enqueue(request);
                await Write(stream, answer(request));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task<ServerRequest?> ReadRequest(NetworkStream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stop.Token) == 0)
                return null;
            text.Append((char)one[0]);
        }
        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new ServerRequest(requests.Count, headers);
    }

    private async Task Write(NetworkStream stream, ServerReply reply)
    {
        List<string> head = [$"HTTP/1.1 {reply.Status} {reply.Reason}", "Connection: close", .. reply.Headers.Select(header => $"{header.Key}: {header.Value}")];
        if (reply.StatesLength)
            head.Add($"Content-Length: {reply.Body.Length}");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", head) + "\r\n\r\n"), stop.Token);
        await stream.WriteAsync(reply.Body.AsMemory(0, reply.SendsOnly ?? reply.Body.Length), stop.Token);
        await stream.FlushAsync(stop.Token);
        if (reply.Stalls)
            await Task.Delay(Timeout.Infinite, stop.Token);
    }
}
