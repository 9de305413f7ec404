namespace FreezeBench.Results.Rows;

/// <summary>A row of one of the result files. Its columns are the properties with a CsvColumn attribute, in their order.</summary>
public interface IResultRow
{
    /// <summary>Version of the layout that this program writes; a file with a higher one is refused.</summary>
    const int CurrentSchemaVersion = 4;

    /// <summary>Name of the file that holds these rows.</summary>
    static abstract string FileName { get; }

    /// <summary>Version of the layout that the row was written in.</summary>
    int SchemaVersion { get; }
}
