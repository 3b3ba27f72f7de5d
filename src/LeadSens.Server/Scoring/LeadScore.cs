namespace LeadSens.Server.Scoring;

/// <summary>The model's verdict: every number is 1 to 10.</summary>
internal sealed record LeadScore(int Score, int JobTitleFit, int CompanyFit, int IndustryRelevance, int LocationFit, string Reason)
{
    /// <summary>LOW 1–4, MEDIUM 5–7, HIGH 8–10.</summary>
    public string Band => Score switch { <= 4 => "LOW", <= 7 => "MEDIUM", _ => "HIGH" };
}
