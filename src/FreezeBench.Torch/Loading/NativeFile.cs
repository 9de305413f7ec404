namespace FreezeBench.Torch.Loading;

/// <summary>Looks at a library's file before anybody opens it.</summary>
internal static class NativeFile
{
    /// <summary>
    /// Whether there is nothing to read: an empty file, a pipe, or a device. The opening of a pipe waits for its other end for ever, deaf to signals, also
    /// within the system's own loader; a device such as /dev/zero has no end.
    /// </summary>
    /// <param name="path">Symbolic links are followed; what cannot be found is left to who opens it, and an open file's number (/proc/self/fd) is sound.</param>
    internal static bool HasNoContent(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return target.Exists && target.Length == 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
