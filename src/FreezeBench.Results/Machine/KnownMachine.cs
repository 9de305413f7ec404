namespace FreezeBench.Results.Machine;

/// <summary>One machine with the device that it computes on, under all the environment ids that it has.</summary>
/// <remarks>Ids split a machine by its software (framework, driver, system) and by the version of environment.json; the CPU and the GPU of a
/// computer are two machines.</remarks>
public sealed record KnownMachine
{
    /// <summary>What people call it, unlike that of every other machine that it was found with: <c>AMD EPYC, AVX2, 2 cores</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its environments' ids in ordinal order, one or more.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    /// <summary>Their records; none where rows name an environment that nobody described.</summary>
    public required IReadOnlyList<EnvironmentRecord> Environments { get; init; }

    /// <summary>That several ids are taken for one machine, although one of them does not know all that tells machines apart; null where
    /// there is nothing to say.</summary>
    public string? JoinedNote
    {
        get
        {
            var newest = Environments.Select(environment => environment.SchemaVersion).DefaultIfEmpty().Max();
            EnvironmentRecord[] older = [.. Environments.Where(environment => environment.SchemaVersion < newest)];
            return older.Length == 0 ? null
                : $"{Name}: {string.Join(", ", older.Select(environment => $"{environment.Id} (environment.json of version {environment.SchemaVersion})"))} and {string.Join(", ", Ids.Except(older.Select(environment => environment.Id)))} are taken for one machine.";
        }
    }
}
