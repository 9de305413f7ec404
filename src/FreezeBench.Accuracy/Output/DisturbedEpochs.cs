using System.Globalization;
using FreezeBench.Results.Rows;
using Spectre.Console;

namespace FreezeBench.Accuracy.Output;

/// <summary>Epochs beside which other programs were busy: their times are wrong, what was learned is not.</summary>
public static class DisturbedEpochs
{
    /// <summary>Says which they are, where there are any.</summary>
    /// <param name="console">Standard error.</param>
    /// <param name="epochs">Of one command.</param>
    public static void Warn(IAnsiConsole console, IEnumerable<AccuracyRow> epochs)
    {
        List<AccuracyRow> all = [.. epochs];
        var disturbed = all.Where(row => row.IsDisturbed()).ToList();
        if (disturbed is [])
            return;
        var runs = disturbed.GroupBy(row => (row.Policy, row.Seed)).Select(run => string.Create(CultureInfo.InvariantCulture, $"{run.Key.Policy} seed {run.Key.Seed}: {Ranges([.. run.Select(row => row.Epoch)])}"));
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[yellow]Other programs kept up to {disturbed.Max(row => row.OthersBusyCores):0.0} cores busy beside {disturbed.Count} of {all.Count} epochs ({string.Join("; ", runs)}): their times are wrong, the accuracy is not. End them and run again for the times.[/]");
    }

    // 1, 2, 3, 7 are 1-3, 7. Both kinds of kernels and several selections of classes may have an epoch of one number.
    private static string Ranges(List<int> numbers)
    {
        List<string> ranges = [];
        List<int> sorted = [.. numbers.Distinct().Order()];
        for (var first = 0; first < sorted.Count;)
        {
            var last = first;
            while (last + 1 < sorted.Count && sorted[last + 1] == sorted[last] + 1)
                last++;
            ranges.Add(last == first ? $"{sorted[first]}" : $"{sorted[first]}-{sorted[last]}");
            first = last + 1;
        }
        return string.Join(", ", ranges);
    }
}
