using FreezeBench.Images.Sets;
using static TorchSharp.torch;

namespace FreezeBench.Features.Heads;

/// <summary>Chooses the strength of a logistic regression's L2 penalty.</summary>
/// <remarks>
/// A fifth of every class, drawn by the seed, is kept apart; the rest is fitted for each strength of <see cref="Grid"/>, the strongest first and each fit
/// from the solution before. The strength counts whose fit classifies most of the kept images correctly; of several the one with the smallest cross-entropy
/// there. A class of one image keeps none apart.
/// </remarks>
public static class LogisticChoice
{
    private const double KeptShare = 0.2;

    /// <summary>The strengths, two a decade from 10 to 1e-5, the strongest first. They are of a mean over images, so that they mean the same for few and for many.</summary>
    public static IReadOnlyList<double> Grid { get; } = [.. Enumerable.Range(0, 13).Select(index => Math.Pow(10, 1 - (index / 2.0)))];

    /// <summary>The strength where no class has two images, so that none can be kept apart: the middle of the grid in decades, 0.01.</summary>
    public static double WithoutChoice => Grid[6];

    /// <summary>Which images are kept apart: of every class a fifth, rounded to the nearest and at least one where it has two.</summary>
    /// <param name="labels">Of all images.</param>
    /// <param name="seed">Draws them.</param>
    /// <returns>Positions that are fitted, and positions that are kept, both ascending.</returns>
    public static (IReadOnlyList<long> Fitted, IReadOnlyList<long> Kept) Split(IReadOnlyList<long> labels, int seed)
    {
        var kept = ClassDraw.Of(labels, seed)
            .SelectMany(group => group.Take(group.Count() < 2 ? 0 : Math.Max(1, (int)Math.Round(KeptShare * group.Count(), MidpointRounding.AwayFromZero)))).ToHashSet();
        return ([.. Enumerable.Range(0, labels.Count).Select(index => (long)index).Where(index => !kept.Contains(index))], [.. kept.Order()]);
    }

    /// <summary>The strength for these features.</summary>
    /// <param name="features">float32 [N, F]; not owned.</param>
    /// <param name="labels">int64 [N], on the same device; not owned.</param>
    /// <param name="classes">2 or more.</param>
    /// <param name="seed">Draws what is kept apart.</param>
    /// <param name="fitted">Gets the number of strengths that are done, 1 for the first.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <returns>One of <see cref="Grid"/>; null where nothing can be kept apart.</returns>
    internal static double? Of(Tensor features, Tensor labels, int classes, int seed, Action<int>? fitted = null, CancellationToken cancellation = default)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (rest, kept) = Split(labels.cpu().data<long>().ToArray(), seed);
        if (kept.Count == 0)
            return null;
        Tensor Rows(Tensor all, IReadOnlyList<long> positions) => all.index_select(0, tensor(positions.ToArray()).to(all.device));
        using var regression = new LogisticRegression(Rows(features, rest), Rows(labels, rest), classes);
        var (keptFeatures, keptLabels) = (Rows(features, kept), Rows(labels, kept));
        var solution = regression.Start();
        (double L2, long Correct, double Loss)? best = null;
        foreach (var (index, l2) in Grid.Index())
        {
            solution = regression.Fit(l2, solution, cancellation).Point;
            var (correct, loss) = Judged(regression.Scores(solution, keptFeatures), keptLabels);
            if (best is not { } before || correct > before.Correct || (correct == before.Correct && loss < before.Loss))
                best = (l2, correct, loss);
            fitted?.Invoke(index + 1);
        }
        return best!.Value.L2;
    }

    private static (long Correct, double Loss) Judged(Tensor scores, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return (scores.argmax(1).eq(labels).sum().item<long>(), nn.functional.cross_entropy(scores, labels).item<double>());
    }
}
