namespace LeadSens.Server.Mail;

/// <summary>A mail that is to be sent.</summary>
/// <param name="IdempotencyKey">Names the occasion and whom it is for, by ids: the same key is sent once, however often it is asked for.</param>
/// <param name="Kind">For operators: <c>account.confirm</c>, <c>approval.requested</c>, …</param>
/// <param name="To">The recipient's address.</param>
/// <param name="WorkspaceId">Who sees when it fails; null for what is between a person and this service.</param>
/// <param name="ExpiresIn">How long what it links to holds; it is not sent afterwards.</param>
internal sealed record MailMessage(
    string IdempotencyKey, string Kind, string To, string Language, MailContent Content, Guid? WorkspaceId = null, Guid? UserId = null, TimeSpan? ExpiresIn = null);

/// <summary>What a mail says; the layout makes text and HTML of it.</summary>
/// <param name="Facts">What is asked about, label and value.</param>
/// <param name="Small">Below everything: why this mail came, and what to do if it should not have.</param>
internal sealed record MailContent(
    string Subject, IReadOnlyList<string> Paragraphs, MailButton? Button, string Small, IReadOnlyList<(string Label, string Value)>? Facts = null, string? AfterButton = null);

internal sealed record MailButton(string Label, string Url);
