using System.Globalization;
using FreezeBench.Results;

namespace FreezeBench.Images.Folders;

/// <summary>How a folder of classes without parts for training and test is divided: the same share of every class, drawn by a seed.</summary>
/// <param name="TrainingFraction">Share that is trained on, between 0 and 1; of every class one image at least is on either side.</param>
/// <param name="Seed">Same seed, same files, same division.</param>
public sealed record FolderSplit(double TrainingFraction, int Seed)
{
    /// <summary>What can be asked for, for help texts and messages.</summary>
    public const string ValidForms = "the share to train on, such as 0.8, or with a seed, such as 0.8:7";

    /// <summary>As it was asked for, with the seed: part of what rows call the data set.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{TrainingFraction:R}:{Seed}");

    /// <summary>Reads <see cref="ValidForms"/>; the seed is 1 where none is given.</summary>
    /// <exception cref="UserErrorException">It is no such text.</exception>
    public static FolderSplit Parse(string text)
    {
        var parts = text.Split(':');
        var seed = 1;
        return parts.Length <= 2 && double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction) && fraction is > 0 and < 1
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out seed))
            ? new FolderSplit(fraction, seed)
            : throw new UserErrorException($"‹split› is '{text}'; it must be {ValidForms}.");
    }

    /// <param name="files">In the order of their names; two or more.</param>
    /// <param name="label">Of the class: each has a draw of its own.</param>
    internal (IReadOnlyList<ImageFile> Training, IReadOnlyList<ImageFile> Test) Divide(IReadOnlyList<ImageFile> files, int label)
    {
        var training = Math.Clamp((int)Math.Round(TrainingFraction * files.Count, MidpointRounding.AwayFromZero), 1, files.Count - 1);
        var drawn = files.Index().OrderBy(file => SplitMix64.Mix(Seed, unchecked((label * 1_000_003) + file.Index))).ThenBy(file => file.Index).ToList();
        IReadOnlyList<ImageFile> InOrder(IEnumerable<(int Index, ImageFile Item)> some) => [.. some.OrderBy(file => file.Index).Select(file => file.Item)];
        return (InOrder(drawn.Take(training)), InOrder(drawn.Skip(training)));
    }
}
