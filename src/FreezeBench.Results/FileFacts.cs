using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace FreezeBench.Results;

/// <summary>What the system knows of a file and .NET does not tell.</summary>
/// <param name="Mode">Kind and permissions, as in <c>stat(2)</c>.</param>
/// <param name="Device">Of the file system.</param>
/// <param name="Inode">In the file system: with <paramref name="Device"/> the file's identity, whatever its path.</param>
internal readonly record struct FileFacts(uint Mode, ulong Device, ulong Inode)
{
    private const uint KindMask = 0xF000, Fifo = 0x1000, Characters = 0x2000, Folder = 0x4000, Blocks = 0x6000, Regular = 0x8000, Socket = 0xC000;

    private const int CurrentFolder = -100, BasicFacts = 0x7ff;

    /// <summary>Whether it is a file with content.</summary>
    internal bool IsRegular => (Mode & KindMask) == Regular;

    /// <summary>In words, for a message.</summary>
    internal string Kind => (Mode & KindMask) switch
    {
        Regular => "a file",
        Folder => "a folder",
        Fifo => "a pipe",
        Characters or Blocks => "a device",
        Socket => "a socket",
        _ => "no file",
    };

    /// <summary>Of what a path leads to, symbolic links followed; null: nothing is there, it may not be looked at, or this system does not tell (Windows).</summary>
    internal static FileFacts? Of(string path) => OperatingSystem.IsLinux() ? OfLinux(path) : OperatingSystem.IsMacOS() ? OfMac(path) : null;

    // struct statx (linux/stat.h): the same on every architecture.
    private static FileFacts? OfLinux(string path)
    {
        var facts = new byte[256];
        try
        {
            if (Statx(CurrentFolder, Encoding.UTF8.GetBytes(path + "\0"), flags: 0, BasicFacts, facts) != 0)
                return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;    // a C library from before 2018
        }
        return new(
            BinaryPrimitives.ReadUInt16LittleEndian(facts.AsSpan(28)),
            ((ulong)U32(facts, 136) << 32) | U32(facts, 140), BinaryPrimitives.ReadUInt64LittleEndian(facts.AsSpan(32)));
    }

    // struct stat (sys/stat.h of macOS with 64-bit inodes, which is all that ARM has).
    private static FileFacts? OfMac(string path)
    {
        var facts = new byte[256];
        return Stat(Encoding.UTF8.GetBytes(path + "\0"), facts) != 0 ? null
            : new(BinaryPrimitives.ReadUInt16LittleEndian(facts.AsSpan(4)), U32(facts, 0), BinaryPrimitives.ReadUInt64LittleEndian(facts.AsSpan(8)));
    }

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(int folder, byte[] path, int flags, uint wanted, byte[] facts);

    [DllImport("libc", EntryPoint = "stat")]
    private static extern int Stat(byte[] path, byte[] facts);
}
