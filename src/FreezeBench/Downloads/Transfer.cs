using System.Net;
using System.Net.Http.Headers;

namespace FreezeBench.Downloads;

/// <summary>One try to get the rest of a file.</summary>
internal sealed class Transfer(HttpClient client, RemoteFile file, PartFile part, DownloadSettings settings, IDownloadProgress progress)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Brings the part to its full length.</summary>
    /// <returns>Whether bytes of an earlier transfer are in it.</returns>
    /// <exception cref="TransferFaultException">The network or the server stopped it.</exception>
    public async Task<bool> Run(CancellationToken stop)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            return await Attempt(stall).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new TransferFaultException($"nothing came for {settings.Stall.TotalSeconds:0.###} s", passes: true, inner: e);
        }
    }

    private async Task<bool> Attempt(CancellationTokenSource stall)
    {
        var there = part.Length;
        if (there == file.SizeBytes)
            return true;
        using var request = new HttpRequestMessage(HttpMethod.Get, file.Uri);
        if (part.Version() is { } version && !(there > file.SizeBytes))
        {
            request.Headers.Range = new RangeHeaderValue(there, null);
            request.Headers.IfRange = version;
        }
        stall.CancelAfter(settings.Stall);
        using var response = await Network(() => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token)).ConfigureAwait(false);
        var goesOn = response.StatusCode == HttpStatusCode.PartialContent && request.Headers.Range is not null;
        if (goesOn && response.Content.Headers.ContentRange?.From != there)
            throw StartAgain("the server sent another part than was asked for");
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            throw StartAgain("the server has no bytes after those that are there");
        if (!goesOn && response.StatusCode != HttpStatusCode.OK)
            throw ResponseFault.Of(response, settings);

        var offset = goesOn ? there : 0;
        var total = offset + response.Content.Headers.ContentLength;
        if (total is { } stated && file.SizeBytes is { } expected && stated != expected)
            throw new TransferFaultException($"the server has a file of {stated} bytes, expected are {expected}", passes: false);
        await Copy(response, goesOn, offset, total ?? file.SizeBytes, stall).ConfigureAwait(false);
        return goesOn;
    }

    private async Task Copy(HttpResponseMessage response, bool goesOn, long offset, long? total, CancellationTokenSource stall)
    {
        await using var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        await using var target = goesOn ? part.Continue() : part.Begin(response);
        progress.Begins(file.FileName, total, offset);
        try
        {
            var buffer = new byte[BufferBytes];
            for (var length = offset; ;)
            {
                stall.CancelAfter(settings.Stall);
                var read = await Network(() => body.ReadAsync(buffer, stall.Token).AsTask()).ConfigureAwait(false);
                if (read == 0)
                    break;
                length += read;
                if (length > (total ?? settings.MostBytes))
                    throw new TransferFaultException($"the server sends more than {total ?? settings.MostBytes} bytes", passes: false);
                await target.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None).ConfigureAwait(false);
                progress.Advances(read);
            }
        }
        finally
        {
            progress.Ends();
        }
        if (total is { } all && target.Position != all)
            throw new TransferFaultException($"the connection ended after {target.Position} of {all} bytes", passes: true);
    }

    // Only what the network throws is a transfer's fault: an IOException of the disk is not mended by asking again.
    private static async Task<T> Network<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ResponseFault.Of(e);
        }
    }

    private TransferFaultException StartAgain(string reason)
    {
        part.Delete();
        return new TransferFaultException(reason, passes: true);
    }
}
