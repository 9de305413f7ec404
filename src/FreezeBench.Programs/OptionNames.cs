using System.Text.RegularExpressions;
using FreezeBench.Results;
using FreezeBench.Torch;

namespace FreezeBench.Programs;

/// <summary>
/// The options by which the programs' users set what the libraries' messages speak of: a library says <c>‹The batch size› is 0</c>, and the
/// user of a program reads <c>--batch-size is 0</c>.
/// </summary>
public static partial class OptionNames
{
    /// <summary>What messages call it, without an article, and the option.</summary>
    public static IReadOnlyDictionary<string, string> Table { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["augmentation"] = "--augmentation",
        ["automatic batch size"] = "--auto-batch",
        ["backbone's learning rate"] = "--learning-rate-backbone",
        ["batch size"] = "--batch-size",
        ["class selection"] = "--classes",
        ["data directory"] = "--data-dir",
        ["determinism"] = "--deterministic",
        ["device"] = "--device",
        ["label smoothing"] = "--label-smoothing",
        ["head"] = "--head",
        ["learning rate's decay"] = "--learning-rate-decay",
        ["learning rate"] = "--learning-rate",
        ["momentum"] = "--momentum",
        ["no cuDNN autotuning"] = "--no-cudnn-autotune",
        ["number of epochs"] = "--epochs",
        ["number of probe epochs"] = "--probe-epochs",
        ["policies"] = "--policies",
        ["precision"] = "--precision",
        ["resolution"] = "--resolution",
        ["seed"] = "--seed",
        ["shots"] = "--shots",
        ["skipUnreadable"] = "--skip-unreadable",
        ["split"] = "--split",
        ["weight decay"] = "--weight-decay",
        ["weights"] = "--weights",
        ["weights' key"] = "--weights-key",
    };

    /// <summary>The message of an error with the options' names in it.</summary>
    /// <param name="error">A library's, or any other: its message is as it was.</param>
    public static string Fill(Exception error) => error switch
    {
        UserErrorException user => Filled(user.MarkedMessage),
        RefusedException refused => Filled(refused.MarkedMessage),
        _ => error.Message,
    };

    // Words without an option stay words: a path may have such marks too.
    private static string Filled(string marked) => Setting().Replace(marked, found => Table.GetValueOrDefault(found.Groups["name"].Value, found.Groups["words"].Value));

    [GeneratedRegex("‹(?<words>(?:[Tt]he )?(?<name>[^‹›]*))›")]
    private static partial Regex Setting();
}
