using System.CommandLine;
using System.Globalization;
using FreezeBench.Images.Folders;
using FreezeBench.Results;

namespace FreezeBench.MlNet;

/// <summary>The command line. It needs neither ML.NET nor an image, so tests read it without them.</summary>
internal sealed class MlNetOptions
{
    internal const string Lbfgs = "lbfgs";
    internal const string Sdca = "sdca";

    private const string FolderPrefix = "imagefolder:";
    private const int MostRounds = 1000;
    private const int MostThreads = 1024;

    internal MlNetOptions()
    {
        Data.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { } data || Folder(data).Trim().Length == 0)
                result.AddError("--data is empty; give the image folder that has train and val (or test).");
        });
        Trainer.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is var trainer && !Trainers.Contains(trainer))
                result.AddError($"Unknown trainer '{trainer}'. Valid values: {string.Join(", ", Trainers)}.");
        });
        Command = new RootCommand("Features of ML.NET's ResNet-18 by ONNX Runtime, made once, then a trainer of ML.NET on them: images/s, seconds, test accuracy.")
        {
            Data, Split, Trainer, Seed, Rounds, Threads, Out,
        };
    }

    internal static IReadOnlyList<string> Trainers { get; } = [Lbfgs, Sdca];

    internal RootCommand Command { get; }

    private Option<string?> Data { get; } = new("--data")
    {
        Description = $"Image folder with train and val (or test), a folder for each class in both, as the accuracy runner's {FolderPrefix}; that prefix may stand before it. Required.",
        HelpName = "folder",
    };

    private Option<FolderSplit?> Split { get; } = new("--split")
    {
        Description = $"Divide a folder of classes that has no train and val: {FolderSplit.ValidForms}, as the accuracy runner does. Default: the folder has its parts.",
        HelpName = "value",
        CustomParser = result =>
        {
            try
            {
                return FolderSplit.Parse(result.Tokens[0].Value);
            }
            catch (UserErrorException e)
            {
                result.AddError(Named(e));
                return null;
            }
        },
    };

    private Option<string> Trainer { get; } = new("--trainer")
    {
        Description = $"{Lbfgs} (LbfgsMaximumEntropy) or {Sdca} (SdcaMaximumEntropy; with several threads two runs differ), with ML.NET's defaults.",
        HelpName = "name",
        DefaultValueFactory = _ => Lbfgs,
    };

    private Option<int> Seed { get; } = Whole("--seed", "Of ML.NET.", 0, int.MaxValue, 1);

    private Option<int> Rounds { get; } = Whole("--rounds", "Measured rounds, after a warm-up on some images; each makes all features and trains.", 1, MostRounds, 3);

    private Option<int> Threads { get; } = Whole(
        "--threads", "Of one operation of ONNX Runtime, and of the trainer; the processors, where it is not given.", 1, MostThreads, Math.Min(MostThreads, Environment.ProcessorCount));

    private Option<string?> Out { get; } = new("--out") { Description = "Results folder. Default: results in the repository.", HelpName = "folder" };

    /// <summary>The settings of a command line.</summary>
    /// <exception cref="UserErrorException">A line for each error.</exception>
    internal MlNetSettings Settings(ParseResult parsed)
    {
        List<string> errors = [.. parsed.Errors.Select(error => error.Message)];
        if (parsed.GetResult(Data) is null)
            errors.Insert(0, "--data is missing: give the image folder that has train and val (or test).");
        if (errors is not [])
            throw new UserErrorException(string.Join('\n', errors) + "\nSee --help for every option.");
        return new MlNetSettings(Folder(parsed.GetValue(Data)!), parsed.GetValue(Split), parsed.GetValue(Trainer)!, parsed.GetValue(Seed), parsed.GetValue(Rounds), parsed.GetValue(Threads), parsed.GetValue(Out));
    }

    /// <summary>A message of the sources that this program shares with the accuracy runner, with this program's option in it.</summary>
    internal static string Named(UserErrorException error) => error.MarkedMessage.Replace("‹split›", "--split", StringComparison.Ordinal);

    private static string Folder(string data) => data.StartsWith(FolderPrefix, StringComparison.Ordinal) ? data[FolderPrefix.Length..] : data;

    private static Option<int> Whole(string name, string description, int least, int most, int unlessGiven) => new(name)
    {
        Description = description,
        HelpName = "n",
        DefaultValueFactory = _ => unlessGiven,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; it must be a whole number from {least} to {most}."));
            return unlessGiven;
        },
    };
}
