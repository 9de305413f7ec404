namespace FreezeBench.Archives;

/// <summary>What an archive may hold at most: set from what the data set has, so that no archive can fill a disk.</summary>
/// <param name="Entries">Files and folders.</param>
/// <param name="Bytes">Sum of all files as they are unpacked; counted while they are written, whatever the headers say.</param>
public sealed record ArchiveLimits(int Entries, long Bytes);
