using System.Runtime.InteropServices;
using System.Text;

namespace FreezeBench.Faults;

/// <summary>What is no file, in the place of one: a program that opens a pipe waits for ever, and what it reads of a device has no end.</summary>
internal static class SpecialFile
{
    internal const string Pipe = "pipe", Folder = "folder", Zero = "link to /dev/zero", Circle = "link in a circle";

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = [Pipe, Folder, Zero, Circle];

    /// <summary>Whether this system has them.</summary>
    internal static bool AreThere => OperatingSystem.IsLinux();

    /// <summary>Takes the place of what is at a path.</summary>
    internal static void Put(string kind, string path)
    {
        File.Delete(path);
        switch (kind)
        {
            case Pipe when MakePipe(Encoding.UTF8.GetBytes(path + "\0"), 0x180) != 0:
                throw new IOException($"No pipe could be made at {path}.");
            case Pipe:
                break;
            case Folder:
                Directory.CreateDirectory(path);
                break;
            default:
                File.CreateSymbolicLink(path, kind == Zero ? "/dev/zero" : path);
                break;
        }
    }

    [DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int MakePipe(byte[] path, uint mode);
}
