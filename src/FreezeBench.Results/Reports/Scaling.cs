using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Reports;

/// <summary>Throughput as batch size or resolution grows and all else stays.</summary>
/// <remarks>Of undisturbed steps, or of epochs where steps were measured at fewer than two sizes. Each point is the newest
/// case without doubt, as in <see cref="CaseChoice"/>; points may come from several runs, as each origin says.</remarks>
internal static class Scaling
{
    internal static IReadOnlyList<ScalingSeries> Of(IReadOnlyList<MeasuredCase> cases, CaseFigures figures)
    {
        var steps = cases.Where(measured => measured.Row is { Suite: "step" or "scaling", Phase: "step" }).ToList();
        var epochs = cases.Where(CaseChoice.IsEpoch).ToList();
        return
        [
            .. Along("batch size", measured => measured.Row.BatchSize, measured => CaseSettings.OfTable(measured.Row) with { BatchSize = null }),
            .. Along("resolution", measured => measured.Row.ResolutionPx, measured => CaseSettings.OfTable(measured.Row) with { ResolutionPx = null }),
        ];

        IEnumerable<ScalingSeries> Along(string size, Func<MeasuredCase, int> sizeOf, Func<MeasuredCase, CaseSettings> keyOf)
        {
            var (ofSteps, ofEpochs) = (Series(steps, "step"), Series(epochs, "epoch"));
            return ofSteps.Values.Concat(ofEpochs.Where(series => !ofSteps.ContainsKey(series.Key)).Select(series => series.Value))
                .InPolicyOrder(series => series.Name()).OrderBy(series => series.Settings, StringComparer.Ordinal).ToList();

            Dictionary<(CaseSettings, string, KernelKind), ScalingSeries> Series(List<MeasuredCase> of, string operation) => of
                .GroupBy(measured => (Key: keyOf(measured), measured.Row.Policy, measured.Row.Kernels))
                .Select(group => (group.Key, Points: Points(group)))
                .Where(series => series.Points.Count >= 2)
                .ToDictionary(series => series.Key, series => new ScalingSeries
                {
                    Settings = $"{series.Key.Key.Text}; images/s of a training {operation}",
                    Policy = series.Key.Policy,
                    Kernels = TimeGroups.Named(series.Key.Key, series.Key.Kernels),
                    Size = size,
                    Points = series.Points,
                });

            List<SizePoint> Points(IEnumerable<MeasuredCase> of) =>
            [
                .. of.GroupBy(sizeOf).OrderBy(point => point.Key)
                    .Select(point => (point.Key, ImagesPerS: figures.ImagesPerS(CaseChoice.Best(point, figures.Doubt))))
                    .Where(point => point.ImagesPerS is not null).Select(point => new SizePoint(point.Key, point.ImagesPerS!)),
            ];
        }
    }
}
