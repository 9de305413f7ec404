using System.Globalization;
using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>The cells of a matrix, in the order of its file.</summary>
internal static class CellPlan
{
    // More is a mistake in a list, and a scheduler would refuse it after the files are written.
    private const int MostCells = 10_000;

    /// <summary>All cells: the product of each block without what is excluded.</summary>
    /// <exception cref="UserErrorException">There is none, too many, one twice, or an exclusion fits none.</exception>
    internal static IReadOnlyList<Cell> Of(MatrixDocument document)
    {
        var count = document.Blocks.Sum(block => (double)block.Nodes.Count * block.Repeats * block.Axes.Aggregate(1.0, (product, axis) => product * axis.Values.Count));
        if (count > MostCells)
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"{document.File} has {count:N0} cells; {MostCells:N0} are the most. Make files of its parts."));
        var all = document.Blocks.SelectMany(block => OfBlock(document, block)).ToList();
        foreach (var (index, exclusion) in document.Exclude.Index())
            if (!all.Any(cell => Fits(cell, exclusion)))
                throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"{document.File}: exclude[{index}] ({string.Join(", ", exclusion.Select(pair => $"{pair.Key} {string.Join(" or ", pair.Value)}"))}) fits no cell."));
        var kept = all.Where(cell => !document.Exclude.Any(exclusion => Fits(cell, exclusion))).ToList();
        if (kept.Count == 0)
            throw new UserErrorException($"{document.File} excludes all of its cells.");
        return kept.GroupBy(cell => cell.Id).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new UserErrorException($"{document.File}: two blocks have the cell {twice.First().Name}. Of the same measurement ask for more repeats.")
            : kept;
    }

    private static IEnumerable<Cell> OfBlock(MatrixDocument document, CellBlock block)
    {
        IEnumerable<IReadOnlyList<(CellAxis, string)>> products = [[]];
        foreach (var (axis, values) in block.Axes)
            products = [.. products.SelectMany(settings => values.Select(value => (IReadOnlyList<(CellAxis, string)>)[.. settings, (axis, value)]))];
        // Repeats outermost: a machine that gets busier or warmer meanwhile does so to every setting alike.
        return from node in block.Nodes
               from repeat in Enumerable.Range(1, block.Repeats)
               from settings in products
               select new Cell
               {
                   Program = block.Program,
                   Settings = settings,
                   Options = block.Options,
                   Node = document.Nodes.First(kind => kind.Name == node),
                   Repeat = repeat,
               };
    }

    private static bool Fits(Cell cell, IReadOnlyDictionary<string, IReadOnlyList<string>> exclusion) =>
        exclusion.All(pair => cell.ValueOf(pair.Key) is { } value && pair.Value.Contains(value));
}
