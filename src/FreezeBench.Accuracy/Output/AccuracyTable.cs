using System.Globalization;
using FreezeBench.Results.Rows;
using Spectre.Console;

namespace FreezeBench.Accuracy;

/// <summary>The answer on the terminal: what each policy reached and what an epoch of it cost.</summary>
public static class AccuracyTable
{
    /// <summary>Writes a row a policy, within 80 columns.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<AccuracyRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in new[] { "policy", "epochs", "accuracy", "test loss", "1st epoch s", "later s", "BN drift" })
            table.AddColumn(new TableColumn(column) { Alignment = column == "policy" ? Justify.Left : Justify.Right, NoWrap = true, Padding = new Padding(0) });
        foreach (var policy in rows.GroupBy(row => row.Policy))
        {
            var epochs = policy.OrderBy(row => row.Epoch).ToList();
            var last = epochs[^1];
            table.AddRow(
                policy.Key, Text(last.Epoch, "0"), Text(100 * last.TestAccuracyFraction, "0.0") + " %", Text(last.TestLoss, "0.000"),
                Text(epochs[0].TrainTimeS, "0.00"), epochs.Count > 1 ? Text(epochs.Skip(1).Average(row => row.TrainTimeS), "0.00") : "-",
                last.BatchNormDrift is { } drift ? Text(drift, "0.###") : "-");
        }
        console.Write(table);
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
