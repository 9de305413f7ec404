using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>The machines that environments are of: which ids are one machine, and what to call it.</summary>
/// <param name="Machines">By their first ids, in ordinal order.</param>
public sealed record KnownMachines(IReadOnlyList<KnownMachine> Machines)
{
    /// <summary>Joins the environments that agree in what makes a machine fast or slow: device kind, CPU (model, family, vector extension,
    /// logical cores), architecture, GPU (model, and memory within 2 %). A fact that an older record does not know agrees where one machine alone
    /// fits.</summary>
    public static KnownMachines Of(IEnumerable<EnvironmentRecord> environments)
    {
        var sizes = Sizes(environments);
        IReadOnlyList<string> Facts(EnvironmentRecord record) => KnownMachines.Facts(record, sizes);
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

    // Each size of a GPU's memory by the smallest within 2 %: of one product, drivers and error correction keep unlike parts for themselves.
    private static Dictionary<long, long> Sizes(IEnumerable<EnvironmentRecord> environments)
    {
        const double Tolerance = 1.02;
        Dictionary<long, long> smallest = [];
        long? least = null;
        foreach (var size in environments.Select(record => record.Gpu.MemoryBytes).OfType<long>().Distinct().Order())
            smallest[size] = (least = least is { } known && size <= known * Tolerance ? known : size).Value;
        return smallest;
    }

    private static IReadOnlyList<string> Facts(EnvironmentRecord environment, Dictionary<long, long> sizes)
    {
        var (machine, gpu) = (environment.Machine, environment.Gpu);
        return
        [
            environment.Torch.Device.Split(':')[0], machine.CpuModel, machine.CpuFamily, machine.CpuVectorExtension,
            machine.LogicalCores.ToString(CultureInfo.InvariantCulture), machine.Architecture,
            environment.Torch.UsesGpu ? gpu.Name : "unused",
            !environment.Torch.UsesGpu ? "unused" : gpu.MemoryBytes is { } size ? sizes[size].ToString(CultureInfo.InvariantCulture) : Unknown.Text,
        ];
    }
}
