using System.Globalization;
using FreezeBench.Results;
using Polly;
using Polly.Retry;

namespace FreezeBench.Downloads;

/// <summary>Fetches files once: resumed where a transfer broke, checked before they get their name.</summary>
/// <param name="settings">Patience; null: the defaults.</param>
public sealed class Downloader(DownloadSettings? settings = null)
{
    private readonly DownloadSettings settings = settings ?? new();

    /// <summary>The path of a file, fetched first where it is not there.</summary>
    /// <param name="file">What, from where, and its checksum.</param>
    /// <param name="folder">Made where it does not exist. Beside the file lie <c>NAME.lock</c> and, after a broken transfer,
    /// <c>NAME.part</c>, which the next call goes on from.</param>
    /// <param name="progress">Hears how it goes on.</param>
    /// <param name="stop">Ends the wait for another process, for the network and between retries.</param>
    /// <exception cref="UserErrorException">It cannot be fetched, is not what was expected, or the file that is there has
    /// another content (it is left alone).</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/>.</exception>
    public string Fetch(RemoteFile file, string folder, IDownloadProgress progress, CancellationToken stop = default)
    {
        var path = Path.Combine(Path.GetFullPath(folder), file.FileName);
        if (File.Exists(path))
        {
            file.Require(path);
            return path;
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // On a thread of its own: a caller with a synchronisation context must not be waited for by its own callbacks.
            Task.Run(() => FetchLocked(file, path, progress, stop), stop).GetAwaiter().GetResult();
            return path;
        }
        catch (TransferFaultException fault)
        {
            var tries = fault.Passes ? $" (after {settings.Attempts} tries)" : "";
            throw new UserErrorException($"{file.FileName} cannot be downloaded from {file.Uri}: {fault.Message}{tries}.\n"
                + $"Fetch it in another way and put it at '{path}'{(file.Instead == "" ? "" : $", or {file.Instead}")}.", fault);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file.FileName} cannot be kept at '{path}': {e.Message.TrimEnd('.')}. "
                + $"Make that folder writable and its disk large enough{(file.Instead == "" ? "" : $", or {file.Instead}")}.", e);
        }
    }

    private async Task FetchLocked(RemoteFile file, string path, IDownloadProgress progress, CancellationToken stop)
    {
        await using var held = await FetchLock.Take(path + ".lock", file.FileName, settings, progress, stop).ConfigureAwait(false);
        // Another process may have finished it while this one waited.
        if (File.Exists(path))
        {
            file.Require(path);
            return;
        }
        if (file.Uri.Scheme == Uri.UriSchemeHttps && OpenSsl.IsMissing)
            throw new TransferFaultException("this system has no OpenSSL (libssl.so.3), without which .NET does not speak https; a package of the system brings it (Debian: libssl3)", passes: false);
        using var handler = new SocketsHttpHandler { ConnectTimeout = settings.Stall };
        // The stall limit bounds each wait; a limit on the whole would punish a slow line for a large file.
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("FreezeBench");
        var part = new PartFile(path);
        var transfer = new Transfer(client, file, part, settings, progress);
        await Retries(file, progress).ExecuteAsync(async token => Check(file, part, await transfer.Run(token).ConfigureAwait(false)), stop)
            .ConfigureAwait(false);
        part.MoveTo(path);
    }

    private static void Check(RemoteFile file, PartFile part, bool resumed)
    {
        var found = FileHash.Sha256(part.Path);
        if (file.Matches(found))
            return;
        part.Delete();
        // Two halves of different files say nothing about the server: only a transfer in one piece does.
        throw new TransferFaultException(
            $"the SHA-256 of what came is {found}, expected is {file.Sha256}{(file.Sha256.Length < found.Length ? "..." : "")}", passes: resumed);
    }

    private ResiliencePipeline Retries(RemoteFile file, IDownloadProgress progress) => new ResiliencePipelineBuilder { TimeProvider = settings.Time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = settings.Attempts - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = settings.FirstDelay,
            MaxDelay = settings.LongestDelay,
            ShouldHandle = new PredicateBuilder().Handle<TransferFaultException>(fault => fault.Passes),
            // Null: the strategy's own delay.
            DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as TransferFaultException)?.RetryAfter),
            OnRetry = arguments =>
            {
                progress.Says(string.Create(CultureInfo.InvariantCulture, $"{file.FileName}: {arguments.Outcome.Exception!.Message}; "
                    + $"trying again in {arguments.RetryDelay.TotalSeconds:0.#} s ({arguments.AttemptNumber + 2} of {settings.Attempts})."));
                return ValueTask.CompletedTask;
            },
        })
        .Build();
}
