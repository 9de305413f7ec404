using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Comparison;

/// <summary>The facts beside the machine itself that a reader of a ratio between machines should know.</summary>
internal static class MachineFactsShown
{
    internal static IReadOnlyList<string> SoftwareNames { get; } = ["system", "driver", "runtime", "torchsharp", Libtorch];

    /// <summary>The version of the framework, PyTorch's too, and its BLAS where that is known.</summary>
    internal const string Libtorch = "libtorch";

    /// <summary>A value as people speak of it.</summary>
    internal static string Words(string name, string value) => name switch
    {
        "driver" => $"driver {value}",
        "torchsharp" when !value.StartsWith("unused", StringComparison.Ordinal) => $"TorchSharp {value}",
        Libtorch => $"libtorch {value}",
        _ => value.Replace("unused; ", "", StringComparison.Ordinal),
    };

    /// <summary>Name and value of each, in the order of the names; versions without what changes no speed.</summary>
    internal static IReadOnlyList<(string Name, string Value)> Software(EnvironmentRecord environment)
    {
        var (torch, machine) = (environment.Torch, environment.Machine);
        return
        [
            (SoftwareNames[0], EnvironmentId.WithoutPatch(machine.OperatingSystem)),
            (SoftwareNames[1], torch.UsesGpu ? environment.Gpu.DriverVersion : "unused"),
            (SoftwareNames[2], EnvironmentId.WithoutPatch(machine.DotNetVersion)),
            (SoftwareNames[3], torch.TorchSharpVersion),
            (SoftwareNames[4], torch.LibtorchVersion),
        ];
    }
}
