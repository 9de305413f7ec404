using System.Globalization;
using FreezeBench.Results.Machine;

namespace FreezeBench.Tool.Peers;

/// <summary>Whether two environments are one machine under two frameworks, whose ids differ by that alone.</summary>
internal static class SameMachine
{
    /// <summary>The facts that differ, as "fact: ours, theirs"; none: one machine.</summary>
    /// <remarks>Of the id's facts all but the frameworks' and runtimes' versions and the threads, which are in every row. The
    /// kernel's version is none of them, as in the id. An unknown fact is another machine than a known one (records of schema
    /// version 1 do not know the CPU's family and vector extension), and the same as an unknown one.</remarks>
    internal static IReadOnlyList<string> Differences(EnvironmentRecord ours, EnvironmentRecord theirs)
    {
        IEnumerable<(string Name, string Ours, string Theirs)> facts =
        [
            ("CPU", ours.Machine.CpuModel, theirs.Machine.CpuModel),
            ("CPU family", ours.Machine.CpuFamily, theirs.Machine.CpuFamily),
            ("CPU vector extension", ours.Machine.CpuVectorExtension, theirs.Machine.CpuVectorExtension),
            ("cores", Text(ours.Machine.LogicalCores), Text(theirs.Machine.LogicalCores)),
            ("operating system", ours.Machine.OperatingSystem, theirs.Machine.OperatingSystem),
            ("architecture", ours.Machine.Architecture, theirs.Machine.Architecture),
            ("GPU", Gpu(ours, gpu => gpu.Name), Gpu(theirs, gpu => gpu.Name)),
            ("GPU driver", Gpu(ours, gpu => gpu.DriverVersion), Gpu(theirs, gpu => gpu.DriverVersion)),
        ];
        return [.. facts.Where(fact => fact.Ours != fact.Theirs).Select(fact => $"{fact.Name}: {fact.Ours}, {fact.Theirs}")];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Gpu(EnvironmentRecord environment, Func<GpuFacts, string> fact) => environment.Torch.UsesGpu ? fact(environment.Gpu) : "unused";
}
