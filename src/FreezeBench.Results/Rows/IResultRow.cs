namespace FreezeBench.Results.Rows;

/// <summary>A row of one of the result files.</summary>
public interface IResultRow
{
    /// <summary>Version of the layout that this program writes; a file with a higher one is refused.</summary>
    const int CurrentSchemaVersion = 7;

    /// <summary>Name of the file that holds these rows.</summary>
    static abstract string FileName { get; }

    /// <summary>
    /// The columns in the order of the file: for each schema version those that it brought, with blanks between them. A column is the property of
    /// the same name in snake case.
    /// </summary>
    /// <remarks>Files without the columns of later versions are still read: a text is then "unknown", a number or flag, which must be nullable, null,
    /// the kernels those that there were, the head one that was trained in steps, and memory on the CPU the process's.</remarks>
    static abstract IReadOnlyList<string> Layout { get; }

    /// <summary>Version of the layout that the row was written in.</summary>
    int SchemaVersion { get; }

    /// <summary>The invocation that wrote the row; sorts by time.</summary>
    string RunId { get; }

    /// <summary>The environment that the row is of.</summary>
    string EnvironmentId { get; }
}

/// <summary>A row of something that a program measured or trained; their meaning: the columns of their names.</summary>
public interface IMeasuredRow : IResultRow
{
    /// <summary>When.</summary>
    DateTimeOffset UtcTime { get; }

    /// <summary>By what code.</summary>
    string Commit { get; }

    /// <summary>Whether the code differed from its commit; null is unknown.</summary>
    bool? Dirty { get; }

    /// <summary>On which device.</summary>
    string Device { get; }

    /// <summary>Freezing policy.</summary>
    string Policy { get; }

    /// <summary>Images.</summary>
    string Dataset { get; }

    /// <summary>On which of several equal machines.</summary>
    string Node { get; }

    /// <summary>What disturbed it; null is unknown.</summary>
    double? OthersBusyCores { get; }
}
