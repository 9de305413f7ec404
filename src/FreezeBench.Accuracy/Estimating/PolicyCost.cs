namespace FreezeBench.Accuracy.Estimating;

/// <summary>What the parts of a training under one policy cost, in s.</summary>
/// <param name="StepS">A training step, for each of its images; where the policy caches features, on these.</param>
/// <param name="EvaluationS">An evaluation, for each image, likewise.</param>
/// <param name="ExtractionS">The extraction of features, for each image; 0 where the policy caches none.</param>
/// <param name="SetUpS">Building network and optimizer, once a run.</param>
public sealed record PolicyCost(double StepS, double EvaluationS, double ExtractionS, double SetUpS);
