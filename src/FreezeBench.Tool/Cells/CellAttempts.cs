namespace FreezeBench.Tool.Cells;

/// <summary>The attempts at a cell, as their folders say.</summary>
/// <param name="Readable">Those whose record can be read, by their begin.</param>
/// <param name="Finished">The one whose rows count: of those that finished with sound rows the first, whatever comes later; null: there is none.</param>
/// <param name="Bad">Those that might have counted, by their begin.</param>
internal sealed record CellAttempts(IReadOnlyList<(string Folder, Attempt Attempt)> Readable, (string Folder, Attempt Attempt)? Finished, IReadOnlyList<BadAttempt> Bad)
{
    /// <summary>The newest attempt, where it was refused and none is done: another one would be refused, too. Null: there is no such.</summary>
    internal Attempt? Refusal => Finished is null && Readable is [.., { Attempt: { IsRefusal: true } last }] ? last : null;
}

/// <summary>An attempt that does not count though it may have finished.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Why">What is wrong with its record or its rows.</param>
internal sealed record BadAttempt(string Folder, string Why)
{
    internal string Name => Path.GetFileName(Folder);
}
