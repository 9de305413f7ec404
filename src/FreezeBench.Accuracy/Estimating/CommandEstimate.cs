using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Programs;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;

namespace FreezeBench.Accuracy.Estimating;

/// <summary>What the runs of a command will take, as far as steps, extractions and evaluations take it; all times in s.</summary>
/// <param name="Runs">A line for each policy, head, class selection, number of shots and set of kernels.</param>
public sealed record CommandEstimate(IReadOnlyList<RunsEstimate> Runs)
{
    /// <summary>The whole command.</summary>
    public double TotalS => Runs.Sum(runs => runs.AllS);

    /// <summary>Adds up.</summary>
    /// <param name="settings">Of the command.</param>
    /// <param name="data">Whose images are counted; not owned.</param>
    /// <param name="cost">What a policy costs with some kernels; asked once for each.</param>
    /// <param name="headCost">What a head costs that is not trained in steps, likewise; null where that is not known, and left out.</param>
    public static CommandEstimate Of(AccuracySettings settings, AccuracyData data, Func<KernelSet, FreezingPolicy, PolicyCost> cost, Func<KernelSet, HeadKind, HeadCost>? headCost = null)
    {
        Dictionary<(KernelSet, string), PolicyCost> known = [];
        PolicyCost Cost(KernelSet kernels, FreezingPolicy policy) =>
            known.TryGetValue((kernels, policy.Name), out var there) ? there : known[(kernels, policy.Name)] = cost(kernels, policy);

        Dictionary<(KernelSet, HeadKind), HeadCost> knownHeads = [];
        HeadCost? Head(KernelSet kernels, HeadKind kind) => kind == HeadKind.Sgd || headCost is null ? null
            : knownHeads.TryGetValue((kernels, kind), out var there) ? there : knownHeads[(kernels, kind)] = headCost(kernels, kind);

        var counts = settings.Classes.SelectMany(_ => settings.Shots, (classes, shots) => (classes, shots)).ToDictionary(some => (Text(some.classes), some.shots), some => Count(settings, data, some.classes, some.shots));
        // Seeds share what the cache keeps: not of weights that each draws anew, nor of images that each draws anew.
        var isKept = settings.FeatureFolder is not null && settings.Weights != AccuracyOptions.RandomWeights && settings.TrainLimit is null && settings.TestLimit is null && settings.Shots is [null];
        HashSet<(string, KernelSet)> extracted = [];
        List<RunsEstimate> all = [];
        foreach (var runs in PlannedRun.All(settings).GroupBy(run => (run.Kernels, Classes: Text(run.Classes), run.Shots, run.Strategy, run.Head)))
        {
            var (training, test, classes) = counts[(runs.Key.Classes, runs.Key.Shots)];
            List<double> epochs = [];
            double run = 0, evaluation = 0, extraction = 0;
            foreach (var phase in runs.Key.Strategy.Phases(runs.First().Epochs, settings.ProbeEpochs))
            {
                var part = Cost(runs.Key.Kernels, phase.Policy);
                var first = epochs.Count;
                var found = phase.Policy.CachesFeatures && runs.Key.Head != HeadKind.Sgd;
                var (fit, judging) = !found ? (training * part.StepS, test * part.EvaluationS) : Head(runs.Key.Kernels, runs.Key.Head)?.For(training, test) ?? default;
                epochs.AddRange(Enumerable.Repeat(fit, phase.Epochs));
                epochs[first] += training * part.ExtractionS;
                evaluation += phase.Epochs * judging;
                extraction += (training + test) * part.ExtractionS;
                run += part.SetUpS + (test * part.ExtractionS);
            }
            run += epochs.Sum() + evaluation;
            var once = isKept && extraction > 0;
            var paid = once && !extracted.Add((runs.Key.Classes, runs.Key.Kernels)) ? run - extraction : run;
            all.Add(new RunsEstimate(
                new PolicyName(runs.Key.Strategy.Name, runs.Key.Kernels.Kind(), runs.Key.Head), runs.Key.Shots, classes, runs.Count(), epochs.Count, epochs[0], epochs.Count > 1 ? epochs[^1] : null, evaluation / epochs.Count, run,
                paid + ((runs.Count() - 1) * (once ? run - extraction : run))));
        }
        return new CommandEstimate(all);
    }

    private static (int Training, int Test, int Classes) Count(AccuracySettings settings, AccuracyData data, ClassSelection? classes, int? shots)
    {
        using var chosen = data.Choose(settings, classes, settings.Seeds[0], shots);
        return (chosen.Training.Count, chosen.Test.Count, chosen.Training.Classes);
    }

    private static string Text(ClassSelection? classes) => classes?.Text ?? PlannedRun.AllClasses;
}

/// <summary>The seeds of one policy on one selection of classes; times in s.</summary>
/// <param name="Name">What trains, whose layers, and how the head is found.</param>
/// <param name="Shots">Training images of each class; null: all.</param>
/// <param name="Classes">Outputs of the head.</param>
/// <param name="Runs">Seeds.</param>
/// <param name="Epochs">Of each.</param>
/// <param name="FirstEpochS">Training time of the first, an extraction included.</param>
/// <param name="LaterEpochS">Of the last; null: there is but one.</param>
/// <param name="EvaluationS">After an epoch, on average, the test images' extraction apart.</param>
/// <param name="OneRunS">A run from its begin to its end.</param>
/// <param name="AllS">All seeds; features that the cache keeps are extracted once.</param>
public sealed record RunsEstimate(PolicyName Name, int? Shots, int Classes, int Runs, int Epochs, double FirstEpochS, double? LaterEpochS, double EvaluationS, double OneRunS, double AllS);
