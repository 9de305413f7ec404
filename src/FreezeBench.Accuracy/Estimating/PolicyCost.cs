namespace FreezeBench.Accuracy.Estimating;

/// <summary>What the parts of a training under one policy cost, in s.</summary>
/// <param name="StepS">A training step, for each of its images; where the policy caches features, on these.</param>
/// <param name="EvaluationS">An evaluation, for each image, likewise.</param>
/// <param name="ExtractionS">The extraction of features, for each image; 0 where the policy caches none.</param>
/// <param name="SetUpS">Building network and optimizer, once a run.</param>
public sealed record PolicyCost(double StepS, double EvaluationS, double ExtractionS, double SetUpS);

/// <summary>What a head costs that is found once on cached features, measured on some images; times in s.</summary>
/// <param name="Training">Images that it was found on.</param>
/// <param name="Test">Images that it was judged on.</param>
/// <param name="FitS">Finding it.</param>
/// <param name="JudgingS">The hits among training and test images, extractions apart.</param>
/// <param name="AsksAllImages">Whether judging an image looks at every training image, as neighbours do.</param>
public sealed record HeadCost(int Training, int Test, double FitS, double JudgingS, bool AsksAllImages)
{
    /// <summary>The same for other numbers of images.</summary>
    /// <param name="training">To find it on.</param>
    /// <param name="test">To judge it on.</param>
    internal (double FitS, double JudgingS) For(int training, int test)
    {
        var growth = (double)training / Training;
        return (FitS * growth, JudgingS * (training + test) / (Training + Test) * (AsksAllImages ? growth : 1));
    }
}
