using System.Globalization;
using FreezeBench.Freezing;
using FreezeBench.Results;

namespace FreezeBench.Training;

/// <summary>
/// What a run does from its first epoch to its last: every freezing policy by itself, under the policy's name, and what changes the policy
/// in mid-run.
/// </summary>
public sealed record Strategy
{
    /// <summary>
    /// First the head on frozen features, then everything from there: LP-FT of Kumar et al., "Fine-Tuning can Distort
    /// Pretrained Features and Underperform Out-of-Distribution" (ICLR 2022). A head that fits already sends no large
    /// gradients into the backbone; the learning rates of the second part are 0.3 times fine-tune's.
    /// </summary>
    public static readonly Strategy ProbeThenTune = new(
        "probe-then-tune", "first the head on frozen features, then everything at 0.3 times fine-tune's rates", FreezingPolicy.FineTune);

    /// <summary>All strategies, in the order of tables and of "all": those of one policy in the policies' order first.</summary>
    public static IReadOnlyList<Strategy> All { get; } = [.. FreezingPolicy.All.Select(policy => new Strategy(policy.Name, policy.Description, policy)), ProbeThenTune];

    /// <summary>The names, for help texts, parsers and messages.</summary>
    public static string ValidNames { get; } = $"{FreezingPolicy.ValidNames}, {ProbeThenTune.Name}";

    // Lower than fine-tune's, as in the paper, yet not by its usual order of magnitude: the network goes from the pretrained
    // BatchNorm statistics to those of its batches, and in the few hundred steps of a short run a tenth does not catch up
    // with that (a ResNet-18 lost 10 points in two epochs on 1,000 images; with 0.3 it lost 7).
    private const double TuneFactor = 0.3;

    private Strategy(string name, string description, FreezingPolicy lastPolicy) => (Name, Description, LastPolicy) = (name, description, lastPolicy);

    /// <summary>The name in options and rows.</summary>
    public string Name { get; }

    /// <summary>The policy of the last phase, or of the only one: no phase before it trains what this one does not.</summary>
    public FreezingPolicy LastPolicy { get; }

    /// <summary>One line for help texts and docs, without a full stop.</summary>
    public string Description { get; }

    /// <summary>The strategy that is one policy from the first epoch to the last.</summary>
    public static Strategy Of(FreezingPolicy policy) =>
        All.FirstOrDefault(strategy => strategy.Name == policy.Name) ?? new(policy.Name, policy.Description, policy);

    /// <summary>Whether there is a strategy of this exact name.</summary>
    public static bool IsValidName(string name) => Find(name) is not null;

    /// <summary>Finds a strategy by its exact name.</summary>
    /// <exception cref="UserErrorException">The name is none of <see cref="ValidNames"/>.</exception>
    public static Strategy Parse(string name) => Find(name) ?? throw new UserErrorException(Unknown(name));

    /// <summary>Reads a comma-separated list in the user's order, or "all".</summary>
    /// <exception cref="UserErrorException">One line for each name that is unknown, empty or given twice.</exception>
    public static IReadOnlyList<Strategy> ParseList(string names) => NamedList.Parse(names, All, Find, Unknown, "Strategy");

    /// <summary>The phases of a run, in order; their epochs add up to the run's.</summary>
    /// <param name="epochs">Of the run, 1 or more.</param>
    /// <param name="probeEpochs">
    /// Length of the first phase where there are two, 1 to <paramref name="epochs"/> - 1; null: half of the epochs, rounded
    /// down. Without effect on a strategy of one phase.
    /// </param>
    /// <param name="unfreezing">Stage by stage; null: all at once. Without effect on a strategy that does not unfreeze (<see cref="Unfreezes"/>).</param>
    /// <exception cref="UserErrorException">The epochs are too few for the phases.</exception>
    public IReadOnlyList<TrainingPhase> Phases(int epochs, int? probeEpochs = null, Unfreezing? unfreezing = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        if (unfreezing is not null && Unfreezes)
            return unfreezing.Phases(LastPolicy, epochs);
        if (this != ProbeThenTune)
            return [new(LastPolicy, epochs, 1)];
        if (epochs < 2)
            throw new UserErrorException($"‹The number of epochs› is {Shown(epochs)}; {Name} needs 2 or more, one for each of its phases.");
        var probe = probeEpochs ?? epochs / 2;
        if (probe < 1 || probe >= epochs)
            throw new UserErrorException($"‹The number of probe epochs› is {Shown(probe)}; with {Shown(epochs)} epochs {Name} takes 1 to {Shown(epochs - 1)}.");
        return [new(FreezingPolicy.FrozenCached, probe, 1), new(LastPolicy, epochs - probe, TuneFactor)];
    }

    /// <summary>Whether stages can begin to train one after the other: fine-tune and from-STAGE. probe-then-tune has phases of its own.</summary>
    public bool Unfreezes => this != ProbeThenTune && LastPolicy.TrainsToTheHead;

    /// <summary>Whether a network with these stages can be under every policy of it.</summary>
    /// <param name="stages">Names, the head's last.</param>
    public bool Suits(IReadOnlyList<string> stages) => LastPolicy.Suits(stages);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Shown(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Strategy? Find(string name) => name == ProbeThenTune.Name ? ProbeThenTune : FreezingPolicy.Find(name) is { } policy ? Of(policy) : null;

    private static string Unknown(string name) => $"Unknown strategy '{name}'. Valid values: {ValidNames}; for a list also all.";
}
