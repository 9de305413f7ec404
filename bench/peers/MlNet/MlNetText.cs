using System.Globalization;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using Spectre.Console;

namespace FreezeBench.MlNet;

/// <summary>What the terminal shows.</summary>
internal static class MlNetText
{
    /// <summary>The rounds and their medians.</summary>
    internal static Table Table(IReadOnlyList<MlNetRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in (string[])["round", "features\nimages/s", "network alone\nimages/s", "training\ns", "prediction\ns", "test\naccuracy", "others\nbusy cores"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var row in rows)
            table.AddRow([row.Round.ToString(CultureInfo.InvariantCulture), .. Cells(row.FeatureImagesPerS, row.NetworkImagesPerS, row.TrainTimeS, row.EvaluationTimeS, row.TestAccuracyFraction, row.OthersBusyCores)]);
        if (rows.Count > 1)
        {
            table.AddRow(["median", .. Cells(Median(rows, row => row.FeatureImagesPerS), Median(rows, row => row.NetworkImagesPerS), Median(rows, row => row.TrainTimeS),
                Median(rows, row => row.EvaluationTimeS), Median(rows, row => row.TestAccuracyFraction), null)]);
        }
        return table;
    }

    /// <summary>What may be compared with what.</summary>
    /// <param name="settings">Of this run.</param>
    internal static string Beside(MlNetSettings settings) => $"""
        FreezeBench's own way with the same images ({settings.Threads} threads; FILE is a state dict of ResNet-18 with
        torchvision's names, such as resnet18.pth, or imagenet, which downloads it):
          dotnet run -c Release --project src/FreezeBench.Accuracy -- --dataset {Quoted($"imagefolder:{settings.Data}")} {(settings.Split is { } split ? $"--split {split.Text} " : "")}--weights FILE --policies frozen-cached --epochs 20 --no-feature-cache --threads {settings.Threads}
        Not the same network: ML.NET's weights are CNTK's, its images 224 px of the short side without
        torchvision's margin. Compare what each comes to, not its parts.
        """;

    private static string Quoted(string text) => text.Contains(' ', StringComparison.Ordinal) ? $"'{text}'" : text;

    private static IEnumerable<string> Cells(double features, double network, double training, double prediction, double accuracy, double? others) =>
    [
        features.ToString("0.0", CultureInfo.InvariantCulture), network.ToString("0.0", CultureInfo.InvariantCulture),
        training.ToString("0.000", CultureInfo.InvariantCulture), prediction.ToString("0.0000", CultureInfo.InvariantCulture),
        (100 * accuracy).ToString("0.0", CultureInfo.InvariantCulture) + " %", others?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
    ];

    private static double Median(IReadOnlyList<MlNetRow> rows, Func<MlNetRow, double> value) => SampleSummary.Of([.. rows.Select(value)]).Median;
}
