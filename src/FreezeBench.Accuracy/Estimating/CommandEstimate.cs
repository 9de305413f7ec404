using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Training;

namespace FreezeBench.Accuracy.Estimating;

/// <summary>What the runs of a command will take, as far as steps, extractions and evaluations take it; all times in s.</summary>
/// <param name="Runs">A line for each policy, class selection and set of kernels.</param>
public sealed record CommandEstimate(IReadOnlyList<RunsEstimate> Runs)
{
    /// <summary>The whole command.</summary>
    public double TotalS => Runs.Sum(runs => runs.AllS);

    /// <summary>Adds up.</summary>
    /// <param name="settings">Of the command.</param>
    /// <param name="data">Whose images are counted; not owned.</param>
    /// <param name="cost">What a policy costs with some kernels; asked once for each.</param>
    public static CommandEstimate Of(AccuracySettings settings, AccuracyData data, Func<KernelSet, FreezingPolicy, PolicyCost> cost)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(cost);
        Dictionary<(KernelSet, string), PolicyCost> known = [];
        PolicyCost Cost(KernelSet kernels, FreezingPolicy policy) =>
            known.TryGetValue((kernels, policy.Name), out var there) ? there : known[(kernels, policy.Name)] = cost(kernels, policy);

        var counts = settings.Classes.ToDictionary(Text, classes => Count(settings, data, classes));
        // Seeds share what the cache keeps: not of weights that each draws anew, nor of images that each draws anew.
        var isKept = settings.FeatureFolder is not null && settings.Weights != AccuracyOptions.RandomWeights && settings.TrainLimit is null && settings.TestLimit is null;
        HashSet<(string, KernelSet)> extracted = [];
        List<RunsEstimate> all = [];
        foreach (var runs in PlannedRun.All(settings).GroupBy(run => (run.Kernels, Classes: Text(run.Classes), run.Strategy)))
        {
            var (training, test, classes) = counts[runs.Key.Classes];
            List<double> epochs = [];
            double run = 0, evaluation = 0, extraction = 0;
            foreach (var phase in runs.Key.Strategy.Phases(runs.First().Epochs, settings.ProbeEpochs))
            {
                var part = Cost(runs.Key.Kernels, phase.Policy);
                var first = epochs.Count;
                epochs.AddRange(Enumerable.Repeat(training * part.StepS, phase.Epochs));
                epochs[first] += training * part.ExtractionS;
                evaluation += phase.Epochs * test * part.EvaluationS;
                extraction += (training + test) * part.ExtractionS;
                run += part.SetUpS + (test * part.ExtractionS);
            }
            run += epochs.Sum() + evaluation;
            var once = isKept && extraction > 0;
            var paid = once && !extracted.Add((runs.Key.Classes, runs.Key.Kernels)) ? run - extraction : run;
            all.Add(new RunsEstimate(
                runs.Key.Strategy, runs.Key.Kernels, classes, runs.Count(), epochs.Count, epochs[0], epochs.Count > 1 ? epochs[^1] : null, evaluation / epochs.Count, run,
                paid + ((runs.Count() - 1) * (once ? run - extraction : run))));
        }
        return new CommandEstimate(all);
    }

    private static (int Training, int Test, int Classes) Count(AccuracySettings settings, AccuracyData data, ClassSelection? classes)
    {
        using var chosen = data.Choose(settings, classes, settings.Seeds[0]);
        return (chosen.Training.Count, chosen.Test.Count, chosen.Training.Classes);
    }

    private static string Text(ClassSelection? classes) => classes?.Text ?? PlannedRun.AllClasses;
}

/// <summary>The seeds of one policy on one selection of classes; times in s.</summary>
/// <param name="Strategy">What trains.</param>
/// <param name="Kernels">Whose layers.</param>
/// <param name="Classes">Outputs of the head.</param>
/// <param name="Runs">Seeds.</param>
/// <param name="Epochs">Of each.</param>
/// <param name="FirstEpochS">Training time of the first, an extraction included.</param>
/// <param name="LaterEpochS">Of the last; null: there is but one.</param>
/// <param name="EvaluationS">After an epoch, on average, the test images' extraction apart.</param>
/// <param name="OneRunS">A run from its begin to its end.</param>
/// <param name="AllS">All seeds; features that the cache keeps are extracted once.</param>
public sealed record RunsEstimate(Strategy Strategy, KernelSet Kernels, int Classes, int Runs, int Epochs, double FirstEpochS, double? LaterEpochS, double EvaluationS, double OneRunS, double AllS);
