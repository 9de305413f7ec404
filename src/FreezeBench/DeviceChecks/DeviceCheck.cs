using FreezeBench.Results.Verification;

namespace FreezeBench.DeviceChecks;

/// <summary>One thing that is checked of a device.</summary>
/// <param name="Name">Kebab-case, as in verification.json.</param>
/// <param name="Description">What passes, for people; 37 characters at most, what 80 columns leave beside name, outcome and time.</param>
/// <param name="Find">Checks, in a process whose arithmetic is float32; what it throws is a failure.</param>
public sealed record DeviceCheck(string Name, string Description, Func<CheckedDevice, CheckFinding> Find)
{
    /// <summary>
    /// Whether its process is to be deterministic from its start on, and so for this check alone: libtorch looks at cuBLAS's setting once, in the first product on a GPU, and the step
    /// that every process tries first has one.
    /// </summary>
    public bool NeedsDeterminism { get; init; }
}
