namespace LeadSens.Server.Scoring;

/// <summary>The model's verdict: every number is 1 to 10.</summary>
internal sealed record LeadScore(int Score, int JobTitleFit, int CompanyFit, int IndustryRelevance, int LocationFit, string Reason)
{
    /// <summary>LOW 1–4, MEDIUM 5–7, HIGH 8–10.</summary>
    public string Band => Score switch { <= 4 => "LOW", <= 7 => "MEDIUM", _ => "HIGH" };

    /// <summary>What is wrong with the answer, told to the model; null when nothing is.</summary>
    public static string? Check(LeadScore score)
    {
        int[] numbers = [score.Score, score.JobTitleFit, score.CompanyFit, score.IndustryRelevance, score.LocationFit];
        if (numbers.Any(number => number is < 1 or > 10)) return "score and every fit must be whole numbers from 1 to 10.";
        return string.IsNullOrWhiteSpace(score.Reason) ? "reason must be one sentence." : null;
    }
}
