namespace FreezeBench.Results.Tables;

/// <summary>Text in lines of at most 80 columns, whatever terminal or file it goes to, so that the same results give the same bytes.</summary>
public static class WrappedText
{
    /// <summary>The widest line: what a terminal, a log and a mail show without wrapping.</summary>
    public const int Columns = 80;

    /// <summary>Writes a text in its lines.</summary>
    /// <inheritdoc cref="Lines(string, int, string, int)" path="/param[@name!='columns']"/>
    /// <param name="output">Where to.</param>
    public static void Write(TextWriter output, string first, int indent, string text)
    {
        foreach (var line in Lines(first, indent, text))
            output.WriteLine(line);
    }

    /// <summary>Breaks a text at its blanks; a word that is longer than a line, such as a hash, stays whole.</summary>
    /// <param name="first">In front of the first line.</param>
    /// <param name="indent">Blanks in front of the others.</param>
    /// <param name="text">Words.</param>
    /// <param name="columns">The widest line, in characters.</param>
    public static IEnumerable<string> Lines(string first, int indent, string text, int columns = Columns)
    {
        return Broken();

        IEnumerable<string> Broken()
        {
            var line = first;
            var begun = false;
            foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (begun && line.Length + 1 + word.Length > columns)
                {
                    yield return line;
                    (line, begun) = (new string(' ', indent), false);
                }
                line += begun ? " " + word : word;
                begun = true;
            }
            yield return line.TrimEnd();
        }
    }
}
