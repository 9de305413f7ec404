using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FreezeBench.Torch.Loading;

/// <summary>
/// The cured library as a file that nobody but this process can write to, open the library's content at a path of /proc: it is made anew at
/// every start, in memory, so that no folder and no file of before is trusted with what this process is about to execute.
/// </summary>
/// <remarks>
/// The package's own file cannot be written: every output folder is a hard link to it. Where the kernel gives no file in memory
/// (memfd_create(2), Linux 3.17; some systems forbid to execute such) it is one in a new folder of this user's alone, which is gone before it is loaded: the
/// path leads to the open file, whatever is put in its place. Linux keeps a loaded library's content until the process ends.
/// </remarks>
internal sealed class CuredLibrary : IDisposable
{
    private readonly FileStream file;

    private CuredLibrary(FileStream file) => this.file = file;

    /// <summary>Where it can be loaded from while this is not disposed.</summary>
    public string Path => $"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}";

    /// <summary>A file in memory; null: the kernel gives none.</summary>
    /// <param name="name">What the process's list of mappings calls it.</param>
    /// <param name="content">All bytes.</param>
    public static CuredLibrary? InMemory(string name, byte[] content)
    {
        int descriptor;
        try
        {
            descriptor = MemoryFile(Encoding.UTF8.GetBytes(name + "\0"), CloseOnExec);
        }
        catch (EntryPointNotFoundException)
        {
            return null;    // a C library from before 2018
        }
        return descriptor < 0 ? null : Of(new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite), content);
    }

    /// <summary>A file of a new temporary folder, which is removed at once.</summary>
    /// <inheritdoc cref="InMemory"/>
    /// <exception cref="IOException">There is no place for it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static CuredLibrary OnDisk(string name, byte[] content)
    {
        // Mode 0700, whatever the process's umask.
        var folder = Directory.CreateTempSubdirectory("freezebench-");
        try
        {
            return Of(new FileStream(System.IO.Path.Combine(folder.FullName, name), FileMode.CreateNew, FileAccess.ReadWrite), content);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public void Dispose() => file.Dispose();

    private static CuredLibrary Of(FileStream file, byte[] content)
    {
        try
        {
            file.Write(content);
            file.Flush();
            return new CuredLibrary(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private const uint CloseOnExec = 1;

    [DllImport("libc", EntryPoint = "memfd_create")]
    private static extern int MemoryFile(byte[] name, uint flags);
}
