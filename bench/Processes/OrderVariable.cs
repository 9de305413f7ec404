using FreezeBench.Results;

namespace FreezeBench.Benchmarks.Processes;

/// <summary>A variable of the environment by which a program hands an order to a process that it starts of itself.</summary>
internal static class OrderVariable
{
    internal static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };

    /// <summary>The message where it holds no order: a user's environment has set it.</summary>
    /// <param name="variable">Its name.</param>
    /// <param name="tells">Whom the program tells what by it.</param>
    /// <param name="error">Why it is none.</param>
    internal static UserErrorException NoOrder(string variable, string tells, Exception error) =>
        new($"The environment variable {variable} is set, by which this program tells {tells}, and holds no such order: {ForeignText.Shown(error.Message, ForeignText.LongestLine)} Unset it.", error);
}
