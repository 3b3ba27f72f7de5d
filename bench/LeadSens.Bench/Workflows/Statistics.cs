namespace LeadSens.Bench.Workflows;

internal static class Statistics
{
    public static double Median(this IEnumerable<double> values) => Percentile([.. values], 0.5);

    /// <summary>The smallest value that this share of all values does not exceed.</summary>
    public static double Percentile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
