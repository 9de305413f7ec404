using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Reports;

/// <summary>Throughput as batch size or resolution grows and all else stays.</summary>
/// <remarks>Of undisturbed steps, or of epochs where steps were measured at fewer than two sizes. Each point is of the runs
/// that stand for it by <see cref="CaseChoice"/>; points may come from several commits, as each origin says.</remarks>
internal static class Scaling
{
    internal static IReadOnlyList<ScalingSeries> Of(Contender contender)
    {
        var steps = contender.Cases.Where(measured => measured.Row is { Suite: "step" or "scaling", Phase: "step" }).ToList();
        var epochs = contender.Cases.Where(measured => CaseChoice.IsEpoch(measured.Row)).ToList();
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
                    .Select(point => (point.Key, ImagesPerS: ImagesPerS(point)))
                    .Where(point => point.ImagesPerS is not null).Select(point => new SizePoint(point.Key, point.ImagesPerS!)),
            ];

            // The suite scaling times steps too; where both did, the suite step is what the tables show. Of epochs of unlike lengths the longest is the steadiest.
            Figure? ImagesPerS(IEnumerable<MeasuredCase> point) => CaseChoice.Of(contender, point, row => CaseSettings.InTable(row) with { Images = row.Images })
                .OrderByDescending(one => one.Key.Suite, StringComparer.Ordinal).ThenByDescending(one => one.Key.Images).Select(one => new CaseFigures([one.Value]).ImagesPerS(one.Value)).FirstOrDefault();
        }
    }
}
