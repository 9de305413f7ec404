namespace FreezeBench.Results.Checks;

/// <summary>A kind of finding. All of them are here, so that a new one cannot lack a severity or a remedy.</summary>
/// <param name="Name">A kebab-case word, the same in every format.</param>
/// <param name="Severity">How grave.</param>
/// <param name="Remedy">What to do about it, as an order.</param>
public sealed record FindingKind(string Name, Severity Severity, string Remedy)
{
    /// <summary>Whether a report or a comparison would say something wrong by such rows.</summary>
    public bool SpoilsNumbers { get; private init; }

    private const string Restore = "Restore the file from version control, or delete the run's rows and measure again.";

    /// <summary>A file is no well-formed CSV, has an unknown column or a cell of the wrong type, or is of a newer version.</summary>
    public static FindingKind Unreadable { get; } = new("unreadable", Severity.Error, "Restore the file from version control, or read it with the FreezeBench that wrote it.");

    /// <summary>Result files without an environment.json.</summary>
    public static FindingKind NoEnvironment { get; } = new("no-environment", Severity.Error, "Put back the environment.json that was written with these files; without it nobody knows what they may be compared with.");

    /// <summary>environment.json is malformed or its facts do not give its id.</summary>
    public static FindingKind EnvironmentRecord { get; } = new("environment-record", Severity.Error, "Restore environment.json from version control.");

    /// <summary>The lock of a folder, or its list of files that were written together, cannot be used; nothing else in the folder was checked.</summary>
    public static FindingKind FolderRecord { get; } = new("folder-record", Severity.Error, "While no program writes there, delete what is named, and check again.");

    /// <summary>The folder's name is not the environment's id.</summary>
    public static FindingKind FolderName { get; } = new("folder-name", Severity.Error, "Rename the folder to the id in its environment.json.");

    /// <summary>A row names another environment than the folder's.</summary>
    public static FindingKind RowEnvironment { get; } = new("row-environment", Severity.Error, "Move the row to the folder of its own environment.");

    /// <summary>A row's device or threads are not the environment's.</summary>
    public static FindingKind RowMachine { get; } = new("row-machine", Severity.Error, "Move the row to the folder of the environment that measured it, or measure again.");

    /// <summary>A number lies outside what its unit allows, or a text is none of its column's words.</summary>
    public static FindingKind ImpossibleValue { get; } = new("impossible-value", Severity.Error, Restore) { SpoilsNumbers = true };

    /// <summary>A column of a row does not follow from the others of the same row.</summary>
    public static FindingKind InconsistentRow { get; } = new("inconsistent-row", Severity.Error, Restore) { SpoilsNumbers = true };

    /// <summary>A case that computed faster than the device's peak: the count, the time or the peak is wrong.</summary>
    public static FindingKind AbovePeak { get; } = new("above-peak", Severity.Error, "Measure the case again on an idle machine: its peak was measured while other work held it down. If it comes back, report it.");

    /// <summary>The same in a row from before schema version 5, whose peak was none.</summary>
    public static FindingKind OldPeak { get; } = new("old-peak", Severity.Note, "Quote no flops_utilisation of the run; its times are sound. Rows of schema version 5 have a better one.");

    /// <summary>A hash is not 64 hexadecimal digits.</summary>
    public static FindingKind HashFormat { get; } = new("hash-format", Severity.Error, "Restore the hash, or write the word unknown where nobody knows it.");

    /// <summary>The same row is in a file twice.</summary>
    public static FindingKind DuplicateRow { get; } = new("duplicate-row", Severity.Error, "Delete one of the two rows.") { SpoilsNumbers = true };

    /// <summary>A summary does not follow from its samples.</summary>
    public static FindingKind Summary { get; } = new("summary", Severity.Error, Restore) { SpoilsNumbers = true };

    /// <summary>A measured case without samples, or with a gap in them.</summary>
    public static FindingKind SamplesMissing { get; } = new("samples-missing", Severity.Error, Restore);

    /// <summary>Samples without a measured case: the program was killed between the two files.</summary>
    public static FindingKind SamplesOrphaned { get; } = new("samples-orphaned", Severity.Error, "Delete the samples of this case, or restore its row in benchmarks.csv.");

    /// <summary>Rows of one run differ in what a run holds fixed.</summary>
    public static FindingKind RunDisagrees { get; } = new("run-disagrees", Severity.Error, Restore) { SpoilsNumbers = true };

    /// <summary>Epochs of a run are missing.</summary>
    public static FindingKind EpochGap { get; } = new("epoch-gap", Severity.Error, Restore) { SpoilsNumbers = true };

    /// <summary>A run has two last ends.</summary>
    public static FindingKind DuplicateRun { get; } = new("duplicate-run", Severity.Error, "Delete the rows of one of the two, in runs.csv and in accuracy.csv.") { SpoilsNumbers = true };

    /// <summary>The end of a run does not follow from its epochs.</summary>
    public static FindingKind RunEnd { get; } = new("run-end", Severity.Error, Restore) { SpoilsNumbers = true };

    /// <summary>A deterministic run on the CPU, repeated by the same code, gave other numbers.</summary>
    public static FindingKind Irreproducible { get; } = new("irreproducible", Severity.Error, "Do not quote either run. Run the command of both once more: if it gives a third result, something in it is not deterministic.");

    /// <summary>A run was made again with another result, by other code or where results may differ.</summary>
    public static FindingKind ChangedResult { get; } = new("changed-result", Severity.Note, "Say which of the two runs is meant; both are in the mean over seeds.");

    /// <summary>A run was made again with the same result.</summary>
    public static FindingKind RepeatedRun { get; } = new("repeated-run", Severity.Note, "Count the seed once, or delete the rows of one of the two.");

    /// <summary>A run that nobody ended: it was killed, or it still runs.</summary>
    public static FindingKind NoEnd { get; } = new("no-end", Severity.Note, "Take the run up again with --resume, or leave it out of every mean.");

    /// <summary>Rows of a working tree that differed from its commit.</summary>
    public static FindingKind Dirty { get; } = new("dirty", Severity.Note, "Commit first and measure again: nobody else can have the code of these rows.");

    /// <summary>Rows of which nobody knows the code.</summary>
    public static FindingKind UnknownCommit { get; } = new("unknown-commit", Severity.Note, "Measure from a clone of the repository, so that git can name the commit.");

    /// <summary>Rows of a device whose clocks were held down.</summary>
    public static FindingKind Throttled { get; } = new("throttled", Severity.Note, "Cool the device or raise its power limit, and measure again.");

    /// <summary>A remark on a run of which no row is there.</summary>
    public static FindingKind RemarkWithoutRun { get; } = new("remark-without-run", Severity.Error, "Delete the remark, or restore the run's rows.");

    /// <summary>A run whose times a person marked as disturbed, or rows during which other programs were busy.</summary>
    public static FindingKind Disturbed { get; } = new("disturbed", Severity.Note, "Quote none of these times; measure again on an idle machine.");

    /// <summary>verification.json is malformed, contradicts itself or is another environment's.</summary>
    public static FindingKind VerificationRecord { get; } = new("verification-record", Severity.Error, "Restore verification.json from version control, or make it anew: run-benchmarks.sh --gpu-check.");

    /// <summary>A check of the device failed.</summary>
    public static FindingKind VerificationFailed { get; } = new("verification-failed", Severity.Note, "Quote no row of the device that the failed check bears on; see the reason, and check again with --gpu-check.");

    /// <summary>A file or folder that no program of FreezeBench leaves among results.</summary>
    public static FindingKind StrayFile { get; } = new("stray-file", Severity.Note, "Move it out of the results folder; a *.tmp file is the rest of a program that was killed and can be deleted.");

    /// <summary>Every kind, in the order in which findings of one file are listed.</summary>
    public static IReadOnlyList<FindingKind> All { get; } =
    [
        Unreadable, NoEnvironment, EnvironmentRecord, FolderRecord, FolderName, RowEnvironment, RowMachine, ImpossibleValue, InconsistentRow, AbovePeak, HashFormat,
        DuplicateRow, Summary, SamplesMissing, SamplesOrphaned, RunDisagrees, EpochGap, DuplicateRun, RunEnd, RemarkWithoutRun, Irreproducible, ChangedResult,
        RepeatedRun, NoEnd, Dirty, UnknownCommit, Throttled, OldPeak, Disturbed, VerificationRecord, VerificationFailed, StrayFile,
    ];
}
