using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains;
using BenchmarkDotNet.Toolchains.Results;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Results.Machine;

namespace FreezeBench.Benchmarks.Processes;

/// <summary>
/// Runs each case in a process of its own that is this very program, started once more: nothing is generated or built, so
/// that no SDK is needed and what is measured is what was built. The program's Main asks <see cref="CaseProcess"/> first.
/// </summary>
public sealed class OwnProcessToolchain : Toolchain
{
    /// <summary>A toolchain with an eye of its own on other programs.</summary>
    /// <param name="watchOthers">Begins to watch what they do while a case runs.</param>
    /// <param name="once">Whether a case beside which they were busy stands as it is; otherwise it is measured once more.</param>
    public OwnProcessToolchain(Func<OtherLoad> watchOthers, bool once = false)
        : base("OwnProcess", new NothingToGenerate(), new NothingToBuild(), new OwnProcessExecutor(watchOthers, once))
    {
    }

    /// <summary>The only one: BenchmarkDotNet takes jobs of unlike toolchains apart. Where nobody keeps the times a case is measured once, whatever other programs do.</summary>
    public static OwnProcessToolchain Instance { get; } = new(() => new OtherLoad(), UnkeptTimes.Asked);

    private sealed class NothingToGenerate : IGenerator
    {
        public GenerateResult GenerateProject(BuildPartition buildPartition, ILogger logger, string rootArtifactsFolderPath) =>
            GenerateResult.Success(ArtifactsPaths.Empty, artifactsToCleanup: []);
    }

    private sealed class NothingToBuild : IBuilder
    {
        public BuildResult Build(GenerateResult generateResult, BuildPartition buildPartition, ILogger logger) => BuildResult.Success(generateResult);
    }
}
