using System.Text.Json;

namespace FreezeBench.Results;

/// <summary>Choices as words.</summary>
public static class ChoiceWords
{
    /// <summary>The word of columns, options and tables: the choice's name in kebab-case, such as <c>resident-peak</c>.</summary>
    public static string Word<T>(this T choice) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(choice.ToString());
}
