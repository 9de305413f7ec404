using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using BenchmarkDotNet.Reports;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Ends;
using FreezeBench.Torch.Hardware;

namespace FreezeBench.Benchmarks.Cases;

/// <summary>The exception that ended a case's process: BenchmarkDotNet gives its caller the exit code alone.</summary>
/// <param name="Type">The exception's type.</param>
/// <param name="Message">The exception's message.</param>
/// <param name="OfMemory">Whether a device's memory was full.</param>
public sealed record CaseFailure(string Type, string Message, bool OfMemory)
{
    private static volatile CaseFailure? last;

    /// <summary>The type, and the first line of the message.</summary>
    public override string ToString() => $"{Type}: {Message.Trim().Split('\n')[0].TrimEnd()}";

    /// <summary>What an exception is to who asked for the case: the innermost, since .NET wraps what a benchmark throws.</summary>
    public static CaseFailure Of(Exception exception)
    {
        while (exception is TargetInvocationException or AggregateException && exception.InnerException is { } inner)
            exception = inner;
        return new(exception.GetType().Name, OptionNames.Fill(exception), exception is ExternalException external && FullMemory.Is(external));
    }

    /// <summary>From now on this process keeps what is thrown, and leaves the last of it for <see cref="Find"/> in this folder when it ends.</summary>
    /// <remarks>
    /// Not what nobody handles: BenchmarkDotNet does, and ends the process. A full memory goes before what is thrown in its wake; the
    /// parent asks only where the case failed, so that what was handled on the way to a good end is nobody's business.
    /// </remarks>
    public static void Watch(string folder)
    {
        Directory.CreateDirectory(folder);
        // An exception of C++ ends the process before .NET knows of any.
        NativeEnd.LeaveWordAt(PathOf(folder, Environment.ProcessId));
        AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
        {
            var failure = Of(thrown.Exception);
            if (failure.OfMemory || last is not { OfMemory: true })
                last = failure;
        };
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (last is not { } failure)
                return;
            File.WriteAllText(PathOf(folder, Environment.ProcessId), JsonSerializer.Serialize(failure));
        };
    }

    /// <summary>What was thrown so far is no failure: batches that <c>--auto-batch</c> has tried.</summary>
    public static void Forget() => last = null;

    /// <summary>What ended a case's process; null where it ended otherwise, or before it knew where to leave a message.</summary>
    public static CaseFailure? Find(string folder, BenchmarkReport report)
    {
        var path = report.ExecuteResults.Select(result => result.ProcessId).OfType<int>().Select(process => PathOf(folder, process)).LastOrDefault(File.Exists);
        return path is null ? null : OwnFile.Json<CaseFailure>(path);
    }

    private static string PathOf(string folder, int process) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"failure-{process}.json"));
}
