namespace FreezeBench.Results.Comparison;

/// <summary>What two sides differ by, which decides what their cases must share.</summary>
public enum ComparisonKind
{
    /// <summary>Two states of the code on one machine: cases must agree in everything, and slower code is a finding.</summary>
    Commits,

    /// <summary>Two set-ups of one machine (threads, driver, system, version of a framework): cases must be the same workload, and what differs is told.</summary>
    Setups,

    /// <summary>Two machines: cases must be the same workload; how each machine does it is told.</summary>
    Machines,

    /// <summary>Two frameworks on one machine: likewise, whatever the framework and its kernels.</summary>
    Frameworks,
}
