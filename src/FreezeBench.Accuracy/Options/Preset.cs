using System.CommandLine;
using FreezeBench.Results;

namespace FreezeBench.Accuracy.Options;

/// <summary>A known experiment by name: options that count where the user gave none, and claims to check at the end.</summary>
public sealed record Preset
{
    /// <summary>The blog post's experiment.</summary>
    public static readonly Preset Post = new("post", "CIFAR-10 with 2, 3 and 10 classes, 224 px: fine-tune one epoch, frozen five",
        ["--dataset", "cifar10", "--weights", "imagenet", "--policies", "fine-tune,frozen", "--resolution", "224", "--classes", "2,3,10", "--epochs", "1,frozen=5,frozen-cached=5"]);

    /// <summary>PyTorch's transfer-learning tutorial.</summary>
    public static readonly Preset Tutorial = new("tutorial", "ants and bees, 224 px: fine-tune, frozen, frozen-train-bn, 5 epochs, 3 seeds",
        [
            "--dataset", "ants-bees", "--weights", "imagenet", "--policies", "fine-tune,frozen,frozen-train-bn", "--resolution", "224", "--batch-size", "16", "--epochs", "5",
            "--seeds", "1,2,3",
        ]);

    private readonly IReadOnlyList<string> arguments;

    private Preset(string name, string description, IReadOnlyList<string> arguments) => (Name, Description, this.arguments) = (name, description, arguments);

    /// <summary>All presets.</summary>
    public static IReadOnlyList<Preset> All { get; } = [Post, Tutorial];

    /// <summary>The names, for --help, the parser and its message.</summary>
    public static string ValidNames { get; } = string.Join(", ", All.Select(preset => preset.Name));

    /// <summary>The name in <c>--preset</c>.</summary>
    public string Name { get; }

    /// <summary>For --help.</summary>
    public string Description { get; }

    /// <summary>Its options as words of a command line, in pairs.</summary>
    public IReadOnlyList<string> Arguments => arguments;

    /// <summary>Finds a preset.</summary>
    /// <exception cref="UserErrorException">The name is none of <see cref="ValidNames"/>.</exception>
    public static Preset Parse(string name) =>
        All.FirstOrDefault(preset => preset.Name == name) ?? throw new UserErrorException($"Unknown preset '{name}'. Valid values: {ValidNames}.");

    /// <summary>The user's command line with the preset's options before it, but for those that the user gave.</summary>
    /// <param name="given">The user's own words.</param>
    /// <param name="parsed">The same, parsed.</param>
    public string[] Complete(IReadOnlyList<string> given, ParseResult parsed)
    {
        bool IsGiven(string name) => parsed.CommandResult.Command.Options.Any(option => (option.Name == name || option.Aliases.Contains(name)) && parsed.GetResult(option) is { Implicit: false });
        return [.. arguments.Chunk(2).Where(pair => !IsGiven(pair[0])).SelectMany(pair => pair), .. given];
    }
}
