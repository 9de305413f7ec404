using FreezeBench.Results.Rows;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Reports;

/// <summary>What a row of a report is about, for people.</summary>
/// <param name="Policy">Freezing policy.</param>
/// <param name="Kernels">Whose layers; null where the framework has its own alone.</param>
/// <param name="Head">How a training found its head.</param>
public readonly record struct PolicyName(string Policy, KernelKind? Kernels, HeadKind Head = HeadKind.Sgd)
{
    /// <summary>Behind the policy's name: a head that is not trained in steps and plain kernels are named, the others go without saying.</summary>
    private string Addition => (Head == HeadKind.Sgd ? "" : $" {Head.Word()}") + (Kernels == KernelKind.Plain ? " (plain)" : "");

    internal string Markdown => MarkdownText.Name(Policy) + Addition;

    /// <summary>The name in one text.</summary>
    public override string ToString() => Policy + Addition;
}

/// <summary>A row of a report that is about a policy.</summary>
public interface IOfPolicy
{
    /// <summary>Freezing policy.</summary>
    string Policy { get; }

    /// <summary>Whose layers and optimizer steps: FreezeBench's own or the framework's; null where the framework has its own alone.</summary>
    KernelKind? Kernels { get; }

    /// <summary>How a training found its head; of what is timed in steps always the one that is trained so.</summary>
    HeadKind Head => HeadKind.Sgd;
}

/// <summary>Names and order of rows.</summary>
public static class PolicyNames
{
    /// <summary>The row's name.</summary>
    public static PolicyName Name(this IOfPolicy row) => new PolicyName(row.Policy, row.Kernels, row.Head);

    /// <summary>Sorted as policies are, of each the fast kernels first.</summary>
    public static IOrderedEnumerable<T> InPolicyOrder<T>(this IEnumerable<T> items, Func<T, PolicyName> name) =>
        items.InPolicyOrder(item => name(item).Policy).ThenBy(item => name(item).Kernels == KernelKind.Plain).ThenBy(item => name(item).Head);

    /// <summary>What the word behind a policy's name means.</summary>
    public const string Plain =
        "(plain) is what a user's own code costs: the framework's layers as they are and an optimizer call for each parameter; rows without the word are of FreezeBench's own, fast kernels. "
        + "A speed-up is against fine-tune with the same kernels.";

    /// <summary>Whether a report of the environment has rows of plain kernels beside or instead of fast ones.</summary>
    public static bool HavePlain(EnvironmentReport environment) =>
        environment.Times.SelectMany(group => group.Policies.Concat<IOfPolicy>(group.Others)).Concat(environment.Accuracies.SelectMany(group => group.Policies))
            .Concat(environment.Scaling).Any(row => row.Kernels == KernelKind.Plain);
}
