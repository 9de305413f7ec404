namespace FreezeBench.Results.Rows;

/// <summary>Turns a position in a CSV file into what a person looks for: line and column.</summary>
internal static class TextPlace
{
    /// <summary>The place for a message, <c>, line 3, column 2</c>: line by line feeds, column by separators outside
    /// quotes, both from 1; nothing where the stream cannot be read again.</summary>
    /// <remarks>Reads the stream from its start: only a failing program pays for knowing where, however large the file.</remarks>
    /// <param name="stream">Left at an unspecified position.</param>
    /// <param name="offset">In bytes from the start of the stream.</param>
    /// <param name="ofOpenQuote">Where the offset is inside quotes, the place of the opening one instead: a quote that
    /// nobody closed is noticed at the end of the file, but to be mended where it stands.</param>
    internal static string Of(Stream stream, long offset, bool ofOpenQuote = false)
    {
        if (!stream.CanSeek)
            return "";
        stream.Position = 0;
        var (line, column, quoted) = (1L, 1, false);
        var opened = (Line: line, Column: column);
        var block = new byte[1 << 16];
        while (offset > 0 && stream.Read(block, 0, (int)Math.Min(block.Length, offset)) is var count and > 0)
        {
            offset -= count;
            foreach (var value in block.AsSpan(0, count))
            {
                if (value == '"')
                    (quoted, opened) = (!quoted, (line, column));
                else if (value == ',' && !quoted)
                    column++;
                else if (value == '\n')
                    (line, column) = (line + 1, quoted ? column : 1);
            }
        }
        if (ofOpenQuote && quoted)
            (line, column) = opened;
        return FormattableString.Invariant($", line {line}, column {column}");
    }
}
