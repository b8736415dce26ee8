package dev.sconce.generate.resource;

/**
 * The names of the constant methods by which programs tell about themselves: those of Sconce, of
 * ExecuTorch's runners and exporter, and of optimum-executorch.
 */
public final class ResourceNames {

  /**
   * The tokenizer's files as uint8 tensors, one output each, in the order of {@link
   * #TOKENIZER_FILES}; the first is the vocabulary, such as {@code tokenizer.json}.
   */
  public static final String TOKENIZER_BLOB = "tokenizer_blob";

  /** The names that the tokenizer's files had in the checkpoint, as strings. */
  public static final String TOKENIZER_FILES = "tokenizer_files";

  /** The chat templates in UTF-8 as uint8 tensors; the first is the default. */
  public static final String CHAT_TEMPLATE_BLOB = "chat_template_blob";

  /** The names of the chat templates, as strings; the first is {@code default}. */
  public static final String CHAT_TEMPLATE_NAMES = "chat_template_names";

  /** The settings of {@code generation_config.json}, its JSON as a uint8 tensor. */
  public static final String GENERATION_CONFIG_BLOB = "generation_config_blob";

  /** Where the program comes from and what went into it, JSON as a uint8 tensor. */
  public static final String PROVENANCE_BLOB = "provenance_blob";

  /** The self-tests of the program, as a uint8 tensor. */
  public static final String SELF_TEST_BLOB = "self_test_blob";

  /** The version of the embedded generation program, an int. */
  public static final String ET_GEN_VERSION = "et_gen_version";

  /** What the embedded generation program can do, JSON as a uint8 tensor. */
  public static final String ET_GEN_INFO = "et_gen_info";

  /** The token that begins a text, an int. */
  public static final String BOS_ID = "get_bos_id";

  /** The tokens that end a text, ints, by the name that ExecuTorch's runners read. */
  public static final String EOS_IDS = "get_eos_ids";

  /** The tokens that end a text, ints, by the name that optimum-executorch reads. */
  public static final String EOS_ID = "get_eos_id";

  /** The token that fills rows, an int. */
  public static final String PAD_ID = "get_pad_id";

  /** The token that a decoder beside an encoder starts with, an int. */
  public static final String DECODER_START_ID = "decoder_start_token_id";

  /** How many tokens one call takes, an int; without a context length, that too. */
  public static final String MAX_SEQ_LEN = "get_max_seq_len";

  /** How many tokens the caches hold, an int. */
  public static final String MAX_CONTEXT_LEN = "get_max_context_len";

  /** The size of the vocabulary, an int. */
  public static final String VOCAB_SIZE = "get_vocab_size";

  /** The rows of a batch, an int. */
  public static final String MAX_BATCH_SIZE = "get_max_batch_size";

  /** Whether methods keep keys and values from call to call, a bool or an int. */
  public static final String USE_KV_CACHE = "use_kv_cache";

  /** Whether a call may bring several tokens, a bool or an int. */
  public static final String ENABLE_DYNAMIC_SHAPE = "enable_dynamic_shape";

  /** How many past tokens a layer with a window sees, an int. */
  public static final String SLIDING_WINDOW = "sliding_window";

  /** The ids of a classifier's labels, ints. */
  public static final String LABEL_IDS = "get_label_ids";

  /** The names of a classifier's labels, strings. */
  public static final String LABEL_NAMES = "get_label_names";

  private ResourceNames() {}
}
