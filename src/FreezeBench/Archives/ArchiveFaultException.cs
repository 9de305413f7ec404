namespace FreezeBench.Archives;

/// <summary>An archive that is not unpacked.</summary>
/// <param name="reason">The end of a sentence that begins with the archive's path.</param>
internal sealed class ArchiveFaultException(string reason, Exception? inner = null) : Exception(reason, inner);
