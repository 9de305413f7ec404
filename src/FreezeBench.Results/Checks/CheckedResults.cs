using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Checks;

/// <summary>Result folders of which numbers are to be quoted: read, and first checked.</summary>
public static class CheckedResults
{
    private const int MostNamed = 5;

    /// <summary>Reads as <see cref="ResultSet.Load"/>.</summary>
    /// <param name="path">A results folder, or one environment's folder.</param>
    /// <exception cref="UserErrorException">As <see cref="ResultSet.Load"/>; or rows hold what cannot be, and the first of them are named.</exception>
    public static ResultSet Load(string path)
    {
        // What cannot be read at all, it says in its own words.
        var results = ResultSet.Load(path);
        var wrong = ResultCheck.Run(path).Findings.Where(finding => finding.Kind.SpoilsNumbers).ToList();
        if (wrong is [])
            return results;
        var named = wrong.Take(MostNamed).Select(finding => $"\n  {finding}");
        throw new UserErrorException($"{path} holds numbers that cannot be, and nothing is made of them:{string.Concat(named)}{(wrong.Count > MostNamed ? "\n  and more" : "")}\n"
            + $"Restore the files from version control, or move the folder out of the results. See all of it, with remedies: freezebench check {path}");
    }
}
