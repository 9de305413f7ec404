using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace FreezeBench.Results.Rows;

/// <summary>A text file's bytes, passed on only as far as they are what the programs write: UTF-8 without NUL bytes and
/// lone carriage returns, ended by a line feed.</summary>
/// <remarks>A lenient decoder would turn Latin-1 into replacement characters and NULs into text, silently. The good bytes
/// in front of a bad one are passed on first, so that of two faults the one that comes first in the file is reported.
/// A file that does not end in a line feed is refused even where its last row looks whole: a number that lost its last
/// digits is still a number.</remarks>
/// <param name="path">For messages.</param>
/// <param name="inner">Closed with this stream.</param>
internal sealed class StrictText(string path, Stream inner) : ReadOnlyStream
{
    private const int BlockBytes = 1 << 16;

    // Rented: for a thousand small files, new blocks would be most of what is allocated.
    private byte[] block = ArrayPool<byte>.Shared.Rent(BlockBytes);
    // block[next..good] is checked and waits for the reader; block[good..filled] needs the bytes after it to be judged.
    private int next, good, filled;
    private long blockOffset;
    private byte lastByte = (byte)'\n';
    private (long Offset, string Text)? fault;

    /// <exception cref="UserErrorException">The next bytes are not such text; with file, line and column.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (next == good)
        {
            if (fault is { } found)
                throw new UserErrorException($"{path}{TextPlace.Of(inner, found.Offset)}: {found.Text}");
            if (!Fill())
                return 0;
        }
        var count = Math.Min(buffer.Length, good - next);
        block.AsSpan(next, count).CopyTo(buffer);
        next += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && block.Length > 0)
        {
            inner.Dispose();
            ArrayPool<byte>.Shared.Return(block);
            // A block given back twice would be given to two.
            block = [];
        }
        base.Dispose(disposing);
    }

    /// <returns>Whether there may be more: false at a proper end.</returns>
    private bool Fill()
    {
        var held = filled - good;
        block.AsSpan(good, held).CopyTo(block);
        blockOffset += good;
        next = good = 0;
        // Four bytes, since a byte order mark and a character are at most that long.
        var read = inner.ReadAtLeast(block.AsSpan(held), minimumBytes: 4, throwOnEndOfStream: false);
        filled = held + read;
        if (read == 0)
            return AtEnd(held);
        if (blockOffset == 0 && OtherEncoding(block.AsSpan(0, filled)) is { } encoding)
        {
            fault = (0, $"the file is {encoding}. Save it as UTF-8 or restore it from version control.");
            return true;
        }
        Judge(block.AsSpan(0, filled));
        if (good > 0)
            lastByte = block[good - 1];
        return true;
    }

    private bool AtEnd(int held)
    {
        if (held > 0)
            fault = block[0] == '\r' ? (blockOffset, LoneCarriageReturn) : (blockOffset, NotUtf8(block[0]));
        else if (lastByte != '\n')
            fault = (blockOffset, "the file ends without a line feed, so its last row may be cut. Restore the file from version control; if the row is whole, add the line feed.");
        return fault is not null;
    }

    /// <summary>Sets how many of the bytes are good, and the fault that ends them if there is one.</summary>
    private void Judge(ReadOnlySpan<byte> bytes)
    {
        good = bytes.Length;
        if (!Utf8.IsValid(bytes))
            JudgeCharacters(bytes);
        if (bytes[..good].IndexOf((byte)0) is var zero and >= 0)
            End(zero, "a NUL byte, which no text has. Was the file damaged, or saved in another encoding? Restore it from version control.");
        for (var from = 0; bytes[from..good].IndexOf((byte)'\r') is var found and >= 0; from += found + 1)
        {
            var at = from + found;
            if (at + 1 == bytes.Length)
                good = at;
            else if (bytes[at + 1] != '\n')
                End(at, LoneCarriageReturn);
            if (good == at)
                return;
        }
    }

    private void JudgeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            if (bytes[at..].IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is var ascii and not 0)
            {
                at = ascii < 0 ? bytes.Length : at + ascii;
                continue;
            }
            var status = Rune.DecodeFromUtf8(bytes[at..], out _, out var length);
            if (status == OperationStatus.NeedMoreData)
                good = at;
            else if (status == OperationStatus.InvalidData)
                End(at, NotUtf8(bytes[at]));
            if (status != OperationStatus.Done)
                return;
            at += length;
        }
    }

    private void End(int at, string text)
    {
        good = at;
        fault = (blockOffset + at, text);
    }

    private const string LoneCarriageReturn = "a carriage return without a line feed. Save the file with line feeds or restore it from version control.";

    private static string NotUtf8(byte value) =>
        $"the file is not UTF-8: the byte 0x{value:X2} begins no character. Save it as UTF-8 or restore it from version control.";

    private static string? OtherEncoding(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => "UTF-32",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, not 0, ..] or [not 0, 0, ..] => "UTF-16",
        _ => null,
    };
}
