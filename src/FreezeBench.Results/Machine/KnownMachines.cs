using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>The machines that environments are of: which ids are one machine, and what to call it.</summary>
/// <param name="Machines">By their first ids, in ordinal order.</param>
public sealed record KnownMachines(IReadOnlyList<KnownMachine> Machines)
{
    /// <summary>Joins the environments that agree in what makes a machine fast or slow: device kind, CPU (model, family, vector extension,
    /// logical cores), architecture, GPU (model and memory). A fact that an older record does not know agrees where one machine alone
    /// fits.</summary>
    public static KnownMachines Of(IEnumerable<EnvironmentRecord> environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var groups = FactJoin.Groups(environments, Facts);
        // The record that knows most names the machine.
        var names = groups.Select(group => EnvironmentName.OfMachine(group.MinBy(record => Facts(record).Count(fact => fact == Unknown.Text))!)).ToList();
        return new KnownMachines([.. groups.Zip(names, (group, name) => new KnownMachine
        {
            Name = names.Count(other => other == name) > 1 ? $"{name} ({group[0].Id})" : name,
            Ids = [.. group.Select(record => record.Id)],
            Environments = group,
        })]);
    }

    /// <summary>The machine of an environment; one of its own, called by the id, where no record describes it.</summary>
    public KnownMachine Of(string environmentId) =>
        Machines.FirstOrDefault(machine => machine.Ids.Contains(environmentId)) ?? new KnownMachine { Name = environmentId, Ids = [environmentId], Environments = [] };

    private static IReadOnlyList<string> Facts(EnvironmentRecord environment)
    {
        var (machine, gpu) = (environment.Machine, environment.Gpu);
        return
        [
            environment.Torch.Device.Split(':')[0], machine.CpuModel, machine.CpuFamily, machine.CpuVectorExtension,
            machine.LogicalCores.ToString(CultureInfo.InvariantCulture), machine.Architecture,
            environment.Torch.UsesGpu ? gpu.Name : "unused",
            !environment.Torch.UsesGpu ? "unused" : gpu.MemoryBytes?.ToString(CultureInfo.InvariantCulture) ?? Unknown.Text,
        ];
    }
}
