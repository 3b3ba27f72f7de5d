namespace LeadSens.Server.Secrets;

/// <summary>Every column that holds sealed values. A rotation of keys walks this list, so whoever stores a sealed value adds a line here,
/// and the trigger that keeps replaced keys out (migration 0060).
/// The keys' values are those that PostgreSQL gives as text: ids in lower case with hyphens, nothing for null. What is a workspace's is bound to it.</summary>
internal static class SealedColumns
{
    /// <summary>Signing keys that were derived from replaced master keys.</summary>
    public static readonly SealedColumn RetiredKeys = new("retired_keys", "sealed_key", "use", "key_id");

    /// <summary>Recipient and texts of mails that wait.</summary>
    public static readonly SealedColumn Mails = new("mails", "sealed_message", "workspace_id", "kind", "id") { Version = 2, FormerKeys = ["id"], RowKeys = ["id"] };

    /// <summary>Secrets of authenticator apps.</summary>
    public static readonly SealedColumn SecondFactors = new("second_factors", "sealed_secret", "user_id");

    /// <summary>Keys and tokens of provider accounts.</summary>
    public static readonly SealedColumn Credentials = new("connections", "credentials", "workspace_id", "id") { Version = 2, FormerKeys = ["id"], RowKeys = ["id"] };

    /// <summary>The addresses that post to workspaces' channels.</summary>
    public static readonly SealedColumn NoticeChannels =
        new("notice_channels", "sealed_url", "workspace_id", "provider") { Version = 2, FormerKeys = ["workspace_id"], FormerTable = "workspace_slack" };

    /// <summary>Under which the addresses of erased people are hashed.</summary>
    public static readonly SealedColumn WorkspaceSalts = new("workspace_salts", "sealed_salt", "workspace_id");

    /// <summary>Who is being erased, until the last text was searched.</summary>
    public static readonly SealedColumn Erasures = new("erasures", "sealed_person", "workspace_id", "id") { Version = 2, FormerKeys = ["id"], RowKeys = ["id"] };

    /// <summary>What providers show with each of their calls.</summary>
    public static readonly SealedColumn WebhookSecrets = new("webhook_endpoints", "sealed_secret", "workspace_id", "provider");

    public static readonly SealedColumn WebhookPreviousSecrets = new("webhook_endpoints", "sealed_previous", "workspace_id", "provider");

    /// <summary>What providers told, as it came.</summary>
    public static readonly SealedColumn WebhookBodies = new("webhook_events", "sealed_body", "workspace_id", "provider", "id") { Version = 2, FormerKeys = ["id"], RowKeys = ["id"] };

    /// <summary>What was answered to requests under a key.</summary>
    public static readonly SealedColumn IdempotentOutcomes = new("idempotency_keys", "sealed_outcome", "workspace_id", "id");

    /// <summary>The framework's own keys behind cookies, each as its XML.</summary>
    public static readonly SealedColumn DataProtectionKeys = new("data_protection_keys", "sealed_key", "id");

    public static readonly IReadOnlyList<SealedColumn> All =
    [
        RetiredKeys,
        Mails,
        NoticeChannels,
        SecondFactors,
        Credentials,
        WorkspaceSalts,
        Erasures,
        WebhookSecrets,
        WebhookPreviousSecrets,
        WebhookBodies,
        IdempotentOutcomes,
        DataProtectionKeys,
    ];
}
